package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells whether the machine was quiet while something was measured: before and after, a probe of
 * each core in use reaches nearly the best rate of fused multiply-adds that was seen since the
 * start, and in between other processes used next to nothing of these cores. Whoever makes it
 * closes it.
 */
final class Quiet implements AutoCloseable {

  /** Of the best rate seen. */
  private static final double LEAST_SHARE = 0.95;

  /** Of one core. */
  private static final double MOST_BY_OTHERS = 0.05;

  /** The kernel counts in hundredths, and rounds each process and core on its own. */
  private static final double UNCERTAIN_SECONDS = 0.05;

  private static final int FIRST_PROBES = 30;
  private static final int MOST_PROBES = 5;

  private final Cores cores;
  private final Contestants contestants = new Contestants();
  private final List<Contestant> probes = new ArrayList<>();
  private double best;

  /**
   * @param cores that are probed
   */
  Quiet(Cores cores) throws IOException, InterruptedException {
    this.cores = cores;
    for (int core = 0; core < cores.count(); core++) {
      probes.add(contestants.start(cores.only(core), CoreProbe.class));
    }
    for (int i = 0; i < FIRST_PROBES; i++) {
      mark(cores.count());
    }
  }

  /**
   * What was seen at a moment.
   *
   * @param gigaflops the slowest core's
   * @param times of the cores in use
   */
  record Mark(double gigaflops, CpuTimes times) {}

  /** The best rate of one core so far, in GFLOP/s. */
  double best() {
    return best;
  }

  /**
   * Probes the last {@code count} cores, all at once; again if one of them is slow, since a core
   * that was asleep, or just interrupted, is no disturbed one.
   */
  Mark mark(int count) throws IOException, InterruptedException {
    Cores inUse = cores.last(count);
    List<Contestant> asked = probes.subList(probes.size() - inUse.count(), probes.size());
    double slowest = 0;
    for (int i = 0; i < MOST_PROBES && (i == 0 || slowest < LEAST_SHARE * best); i++) {
      slowest = Math.max(slowest, probe(asked));
    }
    return new Mark(slowest, CpuTimes.now(inUse));
  }

  /** The rate of the slowest. */
  private double probe(List<Contestant> asked) throws InterruptedException {
    asked.forEach(probe -> probe.tell(CoreProbe.QUICK));
    double slowest = Double.POSITIVE_INFINITY;
    for (Contestant probe : asked) {
      double rate = probe.answer(CoreProbe.QUICK);
      best = Math.max(best, rate);
      slowest = Math.min(slowest, rate);
    }
    return slowest;
  }

  /** What can be wrong between two moments. */
  enum Verdict {
    /** Nothing. */
    QUIET,
    /** A core did not reach its rate before or after. */
    SLOW_CORE,
    /** Other processes worked. */
    OTHERS
  }

  /** How it was between the two. */
  Verdict between(Mark before, Mark after) {
    return verdict(before, after, best);
  }

  /** As {@link #between}, where {@code best} is the best rate seen. */
  static Verdict verdict(Mark before, Mark after, double best) {
    if (Math.min(before.gigaflops, after.gigaflops) < LEAST_SHARE * best) {
      return Verdict.SLOW_CORE;
    }
    double bound = MOST_BY_OTHERS + UNCERTAIN_SECONDS / after.times.secondsSince(before.times);
    return after.times.othersSince(before.times) > bound ? Verdict.OTHERS : Verdict.QUIET;
  }

  @Override
  public void close() {
    contestants.close();
  }
}
