package io.lockstep.forecast;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Answers to questions, each worked out once, whoever asks. Who asks for several works at them
 * together with others, and waits only for those that others are at: so whoever works at an answer
 * may ask for answers of another memo, and nobody waits in a circle. An answer depends on its
 * question alone, and so on nothing of who worked it out, and when. Thread-safe.
 *
 * @param <K> questions
 * @param <V> answers
 */
public final class Memo<K, V> {

  private final Map<K, FutureTask<V>> tasks = new ConcurrentHashMap<>();
  private final Function<K, V> work;
  private final Executor others;

  /**
   * @param work finds the answer to a question
   * @param others who may help; may leave undone what they are asked for
   */
  public Memo(Function<K, V> work, Executor others) {
    this.work = work;
    this.others = others;
  }

  /** Where nobody helps. */
  public Memo(Function<K, V> work) {
    this(work, _ -> {});
  }

  /** The answer to a question. */
  public V get(K question) {
    FutureTask<V> task = task(question);
    task.run(); // Nothing is done if another thread is at it, or was.
    return answer(task);
  }

  /**
   * The answers to some questions, in their order, which is that of the work, too. Where there is
   * none to one of them, who finds that and asks begins with nothing more, and the first such
   * question is told of.
   */
  public List<V> getAll(List<K> questions) {
    List<FutureTask<V>> all = questions.stream().map(this::task).toList();
    AtomicInteger firstFailed = new AtomicInteger(all.size());
    for (int i = 0; i < all.size(); i++) {
      int index = i;
      if (all.get(i).isDone()) {
        workAt(all, i, firstFailed); // It may have failed: then nothing after it is begun.
      } else if (i > 0) {
        others.execute(() -> workAt(all, index, firstFailed));
      }
    }
    for (int i = 0; i < all.size(); i++) {
      workAt(all, i, firstFailed);
    }
    return all.stream().map(Memo::answer).toList();
  }

  /** All before the first that fails are begun by who asks, if not by others: he waits for them. */
  private static void workAt(
      List<? extends FutureTask<?>> all, int index, AtomicInteger firstFailed) {
    if (index < firstFailed.get()) {
      FutureTask<?> task = all.get(index);
      task.run();
      if (task.state() == FutureTask.State.FAILED) {
        firstFailed.accumulateAndGet(index, Math::min);
      }
    }
  }

  private FutureTask<V> task(K question) {
    return tasks.computeIfAbsent(question, asked -> new FutureTask<>(() -> work.apply(asked)));
  }

  private static <V> V answer(FutureTask<V> task) {
    try {
      return task.get();
    } catch (ExecutionException failed) {
      throw unchecked(failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("forecast: interrupted while it was simulated", stopped);
    }
  }

  private static RuntimeException unchecked(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }
}
