package io.lockstep.forecast.run;

import io.lockstep.forecast.time.EventQueue;
import io.lockstep.forecast.time.SimThread;

/** Knows which thread runs code at the moment, and has it pay for what the code costs. */
final class Meter {

  private final EventQueue queue;
  private SimThread current;
  private double arithmetic;

  Meter(EventQueue queue) {
    this.queue = queue;
  }

  /** Has a thread compute for {@code nanos}, after its tasks before, and then run code. */
  void run(SimThread thread, double nanos, Runnable code) {
    run(thread, nanos, nanos, code);
  }

  /** The same for {@code afterPause} where the thread had nothing to do. */
  void run(SimThread thread, double nanos, double afterPause, Runnable code) {
    thread.compute(
        nanos,
        afterPause,
        () -> {
          current = thread;
          code.run();
          current = null;
        });
  }

  /** What is run now costs this much more. */
  void charge(double nanos) {
    current.charge(nanos);
  }

  /** As {@link #charge}, for adding, rounding or updating. */
  void chargeArithmetic(double nanos) {
    arithmetic += nanos;
    charge(nanos);
  }

  /** All that was charged for arithmetic so far, of all threads. */
  double arithmetic() {
    return arithmetic;
  }

  /**
   * Has a thread do something that costs {@code nanos} and then hand on what results; by whatever
   * runs now, at the time that it has come to. Where that is the thread itself, it pays at once;
   * where the thread has nothing to do, it is {@code afterPause} that it costs.
   */
  void pass(SimThread thread, double nanos, double afterPause, Runnable result) {
    if (current == thread) {
      charge(nanos);
      thread.send(result);
    } else if (nanos() == queue.nanos()) {
      thread.compute(nanos, afterPause, result);
    } else {
      thread.computeFrom(nanos(), nanos, afterPause, result);
    }
  }

  /** The time for what is run now: what it has cost so far is over. */
  long nanos() {
    return current == null ? queue.nanos() : current.nanos();
  }
}
