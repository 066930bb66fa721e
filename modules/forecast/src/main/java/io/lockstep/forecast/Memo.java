package io.lockstep.forecast;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
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
    AtomicBoolean inVain = new AtomicBoolean();
    all.stream()
        .skip(1)
        .filter(task -> !task.isDone())
        .forEach(task -> others.execute(() -> help(task, inVain)));
    for (FutureTask<V> task : all) {
      task.run();
      if (hasFailed(task)) {
        inVain.set(true);
        break; // All before it have begun, so that there is something to wait for.
      }
    }
    return all.stream().map(Memo::answer).toList();
  }

  private static void help(FutureTask<?> task, AtomicBoolean inVain) {
    if (!inVain.get()) {
      task.run();
    }
  }

  private static boolean hasFailed(FutureTask<?> task) {
    return task.state() == FutureTask.State.FAILED;
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
