package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEvent;
import io.lockstep.training.trace.RunTrace;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a run tells, for a test to wait for. */
final class Heard implements RunObserver {

  private static final long LIMIT_SECONDS = 60;

  private final long firstHold;

  final BlockingQueue<Long> holds = new LinkedBlockingQueue<>();
  final BlockingQueue<Integer> plans = new LinkedBlockingQueue<>();
  final BlockingQueue<RunEvent> events = new LinkedBlockingQueue<>();

  /** Told once. */
  final CompletableFuture<RunTrace> trace = new CompletableFuture<>();

  /** Steps and evaluations. */
  final Queue<String> progress = new ConcurrentLinkedQueue<>();

  /** Of a run that stands still nowhere unless it is told to. */
  Heard() {
    this(-1);
  }

  /** Of a run that stands still at version {@code firstHold}, however late a test gets to run. */
  Heard(long firstHold) {
    this.firstHold = firstHold;
  }

  /** The next of {@code queue}, which a test may have to wait for. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was told within %d s".formatted(LIMIT_SECONDS));
    }
    return next;
  }

  @Override
  public long firstHold() {
    return firstHold;
  }

  @Override
  public void stepCommitted(long step, Sums sums, long nanos) {
    progress.add("step %d: %s".formatted(step, sums.loss));
  }

  @Override
  public void traced(RunTrace told) {
    if (!trace.complete(told)) {
      throw new AssertionError("a trace was told twice");
    }
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums, long nanos) {
    progress.add("%s of %d: %s".formatted(evaluation, version, sums.loss));
  }

  @Override
  public void held(long version) {
    holds.add(version);
  }

  @Override
  public void planned(int plan, List<String> nodes) {
    plans.add(plan);
  }

  @Override
  public void event(RunEvent event) {
    events.add(event);
  }
}
