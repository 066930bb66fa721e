package io.lockstep.forecast.time;

import java.util.ArrayDeque;

/**
 * A thread of a machine: does its tasks one after the other, and is occupied for as long as they
 * cost.
 *
 * <p>A task is computing of a known cost and then code, which is run at one moment of virtual time
 * and says what it cost by {@link #charge}. What the code sends leaves when what it has cost so far
 * is over.
 *
 * <p>How fast the thread is, is decided when it begins with something. Only where more threads
 * compute than there are cores, long computing is looked at again every {@link #SLICE_NANOS}.
 */
public final class SimThread {

  /** For how long a share of crowded cores holds. */
  static final long SLICE_NANOS = 250_000;

  private final EventQueue queue;
  private final Cores cores;
  private final ArrayDeque<Task> tasks = new ArrayDeque<>();
  private final Runnable goOn = this::goOn;
  private boolean busy;
  private boolean stopped;
  private long busyNanos;

  /** What is left of the computing of the task at hand, and its code, null once it was run. */
  private double left;

  private Runnable code;

  /** While code is run: since when, how fast the thread is, and what the code has cost so far. */
  private boolean running;

  private long since;
  private double rate;
  private double charged;

  private record Task(double nanos, Runnable code) {}

  /**
   * @param cores those of its machine
   */
  public SimThread(EventQueue queue, Cores cores) {
    this.queue = queue;
    this.cores = cores;
  }

  /** Runs code after the tasks before. */
  public void submit(Runnable then) {
    compute(0, then);
  }

  /**
   * Computes after the tasks before, and then runs code.
   *
   * @param nanos what the computing costs, on a core of its own
   */
  public void compute(double nanos, Runnable then) {
    if (stopped) {
      return;
    }
    tasks.add(new Task(nanos, then));
    if (!busy) {
      busy = true;
      cores.enter();
      queue.after(0, goOn); // Not at once: what calls this may be in the midst of something.
    }
  }

  /**
   * The code that is run costs something more.
   *
   * @param nanos on a core of its own
   */
  public void charge(double nanos) {
    if (!running) {
      throw new IllegalStateException("thread: expected to be charged within a task");
    }
    charged += nanos;
  }

  /** The time for the code that is run: what it has cost so far is over. */
  public long nanos() {
    return running ? since + Math.round(charged / rate) : queue.nanos();
  }

  /** Has something happen at {@link #nanos}, elsewhere. */
  public void send(Runnable event) {
    queue.at(nanos(), event);
  }

  /** For how long it was occupied, with what is under way. */
  public long busyNanos() {
    return busyNanos;
  }

  /** Whether it has something to do. */
  public boolean isBusy() {
    return busy;
  }

  /** Ends it: of what it does or was to do, nothing happens any more. */
  public void stop() {
    stopped = true;
    tasks.clear();
    if (busy) {
      busy = false;
      cores.leave();
    }
  }

  private void goOn() {
    while (busy) {
      long nanos = advance();
      if (nanos > 0) {
        busyNanos += nanos;
        queue.after(nanos, goOn);
        return;
      }
    }
  }

  /** Begins with what comes next; returns for how long that occupies the thread. */
  private long advance() {
    if (left > 0) {
      return computeSlice();
    }
    if (code != null) {
      return runCode();
    }
    Task next = tasks.poll();
    if (next == null) {
      busy = false;
      cores.leave();
    } else {
      left = next.nanos();
      code = next.code();
    }
    return 0;
  }

  private long computeSlice() {
    double speed = cores.rate();
    double slice = cores.areCrowded() ? Math.min(left, SLICE_NANOS * speed) : left;
    left -= slice;
    return Math.round(slice / speed);
  }

  private long runCode() {
    Runnable task = code;
    code = null;
    since = queue.nanos();
    rate = cores.rate();
    charged = 0;
    running = true;
    try {
      task.run();
    } finally {
      running = false;
    }
    return Math.round(charged / rate);
  }
}
