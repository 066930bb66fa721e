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
 * <p>It takes a core only while it computes: what costs nothing holds nobody up.
 */
public final class SimThread {

  private final EventQueue queue;
  private final Cores cores;
  private final long wakeNanos;
  private final ArrayDeque<Task> tasks = new ArrayDeque<>();
  private final Runnable goOn = this::goOn;
  private int expected;
  private boolean busy;
  private boolean stopped;
  private long busyNanos;

  /** While it computes: since when. */
  private boolean computing;

  private long began;

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
   * @param wakeNanos until it begins, where it had nothing to do; no core is taken meanwhile
   */
  public SimThread(EventQueue queue, Cores cores, long wakeNanos) {
    this.queue = queue;
    this.cores = cores;
    this.wakeNanos = wakeNanos;
  }

  /** One that begins at once. */
  public SimThread(EventQueue queue, Cores cores) {
    this(queue, cores, 0);
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
    compute(nanos, nanos, then);
  }

  /**
   * The same, where it matters whether the thread had nothing to do.
   *
   * @param afterPause what the computing costs then, instead of {@code nanos}
   */
  public void compute(double nanos, double afterPause, Runnable then) {
    if (stopped) {
      return;
    }
    tasks.add(new Task(busy ? nanos : afterPause, then));
    if (!busy) {
      busy = true;
      queue.after(
          wakeNanos, goOn); // Never at once: what calls this may be in the midst of something.
    }
  }

  /**
   * The same, given to it later.
   *
   * @param when it is given, not before now
   */
  public void computeFrom(long when, double nanos, double afterPause, Runnable then) {
    expected++;
    queue.at(
        when,
        () -> {
          expected--;
          compute(nanos, afterPause, then);
        });
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
    return computing ? busyNanos + queue.nanos() - began : busyNanos;
  }

  /** Whether it has something to do. */
  public boolean isBusy() {
    return busy;
  }

  /** Whether it has something to do, or will have that was given to it for later. */
  public boolean isAwake() {
    return busy || expected > 0;
  }

  /** Ends it: of what it does or was to do, nothing happens any more. */
  public void stop() {
    stopped = true;
    tasks.clear();
    busy = false;
  }

  private void goOn() {
    busyNanos = busyNanos();
    computing = false;
    while (busy && !computing) {
      advance();
    }
  }

  /** Begins with what comes next. */
  private void advance() {
    if (left > 0) {
      double nanos = left;
      left = 0;
      occupy(nanos);
    } else if (code != null) {
      occupy(runCode());
    } else {
      next();
    }
  }

  private void next() {
    Task next = tasks.poll();
    if (next == null) {
      busy = false;
    } else {
      left = next.nanos();
      code = next.code();
    }
  }

  /** Computes, unless that is over within this nanosecond. */
  private void occupy(double nanos) {
    if (Math.round(nanos / cores.rate()) > 0) {
      computing = true;
      began = queue.nanos();
      cores.compute(nanos, goOn);
    }
  }

  /** Returns what it costs. */
  private double runCode() {
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
    return charged;
  }
}
