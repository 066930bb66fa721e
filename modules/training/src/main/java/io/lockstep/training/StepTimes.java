package io.lockstep.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the time of steps goes on a node, of every 2ᵏth step: the same ones on all nodes, so that
 * what they have measured can be joined; k depends on the run's length alone. Only the newest
 * samples are kept. Nothing of a result depends on them.
 *
 * <p>Thread-safe by its own lock, which is taken for samples only; allocates nothing but in {@link
 * #take}.
 */
public final class StepTimes {

  /** More samples than a node computes between two looks, unless steps take microseconds. */
  private static final int ROOM = 512;

  /** Of a whole run at least, if it has as many steps. */
  private static final long WANTED = 4_096;

  private static final long NONE = -1;

  private static final int WORKERS = 0;
  private static final int OF = 1;
  private static final int COMPUTE = 2;
  private static final int GIVE = 3;
  private static final int WAIT = 4;
  private static final int LEAST_WAIT = 5;
  private static final int ADD = 6;
  private static final int SERVE = 7;
  private static final int COLUMNS = 8;

  private final long every;
  private final int workers;
  private final long[] steps = new long[ROOM];
  private final long[] values = new long[ROOM * COLUMNS];
  private long told = NONE;

  /**
   * What was measured of one step, in nanoseconds.
   *
   * @param workers who have told of it; 0 for what servers have measured
   * @param of how many workers of all nodes take part in it; 0 for what servers have measured
   * @param compute of all workers together, computing, and waiting for a core to compute on
   * @param give of all workers together, handing on gradients
   * @param waiting of all workers together, doing neither, from the end of their part of the step
   *     before to the end of that of this one
   * @param leastWaiting that of the worker that waited least
   * @param add of {@code give}, adding partials and updating weights
   * @param serve adding and updating by threads of which no worker is one
   */
  public record Sample(
      long step,
      int workers,
      int of,
      long compute,
      long give,
      long waiting,
      long leastWaiting,
      long add,
      long serve) {

    /** The same where workers' own threads add and update, as within one JVM. */
    public Sample inOneProcess() {
      return new Sample(step, workers, of, compute, give, waiting, leastWaiting, add + serve, 0);
    }
  }

  /**
   * @param runSteps those of the whole run
   * @param workers who tell of a step; 0 for a server
   */
  public StepTimes(long runSteps, int workers) {
    this.every = Long.highestOneBit(Math.max(1, runSteps / WANTED));
    this.workers = workers;
    Arrays.fill(steps, NONE);
  }

  private boolean isSample(long step) {
    return (step & every - 1) == 0;
  }

  /** The time now where {@code step} is a sample, to be given back when something is done. */
  long begin(long step) {
    return isSample(step) ? System.nanoTime() : 0;
  }

  /**
   * A worker has done its part of a step.
   *
   * @param of how many workers of all nodes take part in it
   */
  void worked(long step, int of, long compute, long give, long wait) {
    if (isSample(step)) {
      synchronized (this) {
        int at = at(step);
        if (at >= 0) {
          boolean first = values[at + WORKERS]++ == 0;
          values[at + OF] = of;
          values[at + COMPUTE] += compute;
          values[at + GIVE] += give;
          values[at + WAIT] += wait;
          values[at + LEAST_WAIT] = first ? wait : Math.min(wait, values[at + LEAST_WAIT]);
        }
      }
    }
  }

  /** A worker has added partials of a step, from {@link #begin} until now. */
  void added(long step, long begin) {
    add(step, begin, ADD);
  }

  /** A server has added partials of a step or updated weights, from {@link #begin} until now. */
  void served(long step, long begin) {
    add(step, begin, SERVE);
  }

  private void add(long step, long begin, int column) {
    if (isSample(step)) {
      long nanos = System.nanoTime() - begin;
      synchronized (this) {
        int at = at(step);
        if (at >= 0) {
          values[at + column] += nanos;
        }
      }
    }
  }

  /** Where the values of a sample are; negative if a newer one has its place. */
  private int at(long step) {
    int place = place(step);
    if (steps[place] > step) {
      return -1;
    }
    int at = place * COLUMNS;
    if (steps[place] < step) {
      steps[place] = step;
      Arrays.fill(values, at, at + COLUMNS, 0);
    }
    return at;
  }

  private int place(long step) {
    return (int) (step / every & ROOM - 1);
  }

  /**
   * What was measured of steps before {@code end} and not taken yet, in their order. A step that
   * not all workers have told of is left out: one has evaluated meanwhile, or has done the work of
   * another.
   */
  public synchronized List<Sample> take(long end) {
    List<Sample> samples = new ArrayList<>();
    long oldest = told == NONE ? 0 : told + every;
    long last = NONE;
    for (long step : steps.clone()) {
      last = step < end ? Math.max(last, step) : last;
    }
    for (long step = Math.max(oldest, last - (ROOM - 1) * every); step <= last; step += every) {
      int place = place(step);
      if (steps[place] == step && values[place * COLUMNS + WORKERS] == workers) {
        samples.add(sample(step, place * COLUMNS));
      }
    }
    told = Math.max(told, last);
    return samples;
  }

  private Sample sample(long step, int at) {
    return new Sample(
        step,
        (int) values[at + WORKERS],
        (int) values[at + OF],
        values[at + COMPUTE],
        values[at + GIVE],
        values[at + WAIT],
        values[at + LEAST_WAIT],
        values[at + ADD],
        values[at + SERVE]);
  }
}
