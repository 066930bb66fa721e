package io.lockstep;

import io.lockstep.training.StepTimes.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Joins what nodes have measured of the same steps. For worker i let c, g and w be the time that it
 * computes, hands on gradients, and waits; W the number of workers. Then of a step
 *
 * <pre>
 *   compute     = Σc / W
 *   slowest     = Σw / W − min w                          others are awaited
 *   aggregation = a + min(s, min w)                       a: Σ of adding within g, / W
 *   give        = Σg / W − a                              s: of the node whose servers add longest
 *   exposed     = min w − min(s, min w)                   even the slowest waits: for messages
 * </pre>
 *
 * whose sum is the time of a step. Servers add while workers compute, too, and with several threads
 * at once; when, nobody has noted. So workers wait for adding at most as long as {@code
 * aggregation} says, and for messages at least as long as {@code exposed}.
 *
 * <p>What it yields is of the steps between two regular reports, so that the parts and the speed of
 * a report are of the same steps. Thread-safe by its own lock.
 */
final class StepJoin {

  /**
   * Nodes tell equally often: with the third message of one, each other one has told at least once
   * what it knows of the time of the first.
   */
  private static final int MESSAGES = 3;

  private static final double NANOS_PER_MS = 1e6;

  /** What is known of a step. */
  private static final class Joined {

    private int workers;
    private int of;
    private double compute;
    private double give;
    private double waiting;
    private double leastWaiting = Double.POSITIVE_INFINITY;
    private double add;

    /** By node: its servers may well share its cores. */
    private final Map<Integer, Long> served = new HashMap<>();

    private void add(int node, Sample sample) {
      if (sample.workers() > 0) {
        leastWaiting = Math.min(leastWaiting, (double) sample.leastWaiting());
      }
      workers += sample.workers();
      of = Math.max(of, sample.of());
      compute += sample.compute();
      give += sample.give();
      waiting += sample.waiting();
      add += sample.add();
      served.merge(node, sample.serve(), Long::sum);
    }

    /** Whether all who take part in the step have told of it. */
    private boolean isWhole() {
      return workers > 0 && workers == of;
    }

    private Parts parts() {
      double gave = give / workers;
      double added = Math.min(add / workers, gave);
      double longest = Collections.max(served.values());
      double awaited = Math.min(longest, leastWaiting);
      return new Parts(
          compute / workers,
          gave - added,
          added + awaited,
          leastWaiting - awaited,
          waiting / workers - leastWaiting);
    }
  }

  /** Parts of a step, in nanoseconds. */
  private record Parts(
      double compute, double give, double aggregation, double exposed, double slowest) {

    private Parts plus(Parts other) {
      return new Parts(
          compute + other.compute,
          give + other.give,
          aggregation + other.aggregation,
          exposed + other.exposed,
          slowest + other.slowest);
    }
  }

  /**
   * Where the time of the steps of a report went, in milliseconds of one step, in the mean.
   *
   * @param step updates at the report
   * @param steps number of the steps that were measured
   */
  record Times(
      long step,
      int steps,
      double compute,
      double give,
      double aggregation,
      double exposed,
      double slowest) {}

  private final int reportEvery;
  private final TreeMap<Long, Joined> open = new TreeMap<>();
  private final Map<Integer, List<Long>> newestTold = new HashMap<>();
  private long closed = -1;

  /**
   * @param reportEvery steps of a report
   */
  StepJoin(int reportEvery) {
    this.reportEvery = reportEvery;
  }

  /** A node has told what it measured; returns the reports of which all is known now. */
  synchronized List<Times> add(int node, List<Sample> samples) {
    long newest = -1;
    for (Sample sample : samples) {
      newest = Math.max(newest, sample.step());
      if (sample.step() > closed) {
        open.computeIfAbsent(sample.step(), step -> new Joined()).add(node, sample);
      }
    }
    List<Long> told = newestTold.computeIfAbsent(node, number -> new ArrayList<>());
    told.add(newest);
    if (told.size() < MESSAGES) {
      return List.of();
    }
    newestTold.clear();
    return close((told.getFirst() + 1) / reportEvery * reportEvery);
  }

  /**
   * What is left at the end of a run.
   *
   * @param steps updates that were done
   */
  synchronized List<Times> rest(long steps) {
    return close(steps);
  }

  /** Of each report up to {@code end} updates. */
  private List<Times> close(long end) {
    List<Times> times = new ArrayList<>();
    while (!open.isEmpty() && open.firstKey() < end) {
      long report = Math.min(end, (open.firstKey() / reportEvery + 1) * reportEvery);
      SortedMap<Long, Joined> done = open.headMap(report);
      mean(report, done).ifPresent(times::add);
      done.clear();
    }
    closed = Math.max(closed, end - 1);
    return times;
  }

  /** Of the steps of which all workers have told. */
  private static Optional<Times> mean(long report, SortedMap<Long, Joined> steps) {
    List<Parts> whole = steps.values().stream().filter(Joined::isWhole).map(Joined::parts).toList();
    double unit = NANOS_PER_MS * whole.size();
    return whole.stream()
        .reduce(Parts::plus)
        .map(
            sum ->
                new Times(
                    report,
                    whole.size(),
                    sum.compute() / unit,
                    sum.give() / unit,
                    sum.aggregation() / unit,
                    sum.exposed() / unit,
                    sum.slowest() / unit));
  }
}
