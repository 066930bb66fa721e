package io.lockstep.training;

/**
 * Where a worker's time goes, from the end of its part of one step to the end of that of the next.
 * Used by the worker's thread.
 */
final class WorkerClock {

  private final StepTimes times;
  private boolean running;
  private long since;
  private long compute;
  private long give;

  /**
   * @param times told of each step
   */
  WorkerClock(StepTimes times) {
    this.times = times;
  }

  /** It has computed, and has handed on what that yielded. */
  void worked(long computeNanos, long giveNanos) {
    compute += computeNanos;
    give += giveNanos;
  }

  /** It has waited for a core to compute on. */
  void awaitedCore(long nanos) {
    compute += nanos;
  }

  /** It does something that is no part of a step. */
  void interrupt() {
    running = false;
  }

  /**
   * Its part of a step is done; whatever it did beside what was told was waiting.
   *
   * @param of how many workers take part in the step
   */
  void stepDone(long step, int of) {
    long now = System.nanoTime();
    if (running) {
      times.worked(step, of, compute, give, Math.max(0, now - since - compute - give));
    }
    running = true;
    since = now;
    compute = 0;
    give = 0;
  }
}
