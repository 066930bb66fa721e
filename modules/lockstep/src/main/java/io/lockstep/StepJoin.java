package io.lockstep;

import io.lockstep.model.StepParts;
import io.lockstep.model.StepWork;
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
 * Joins what nodes have measured of the same steps, to the parts of a step that {@link StepWork}
 * defines. What it yields is of the steps between two regular reports, so that the parts and the
 * speed of a report are of the same steps. Thread-safe by its own lock.
 */
final class StepJoin {

  /**
   * Nodes tell equally often: with the third message of one, each other one has told at least once
   * what it knows of the time of the first.
   */
  private static final int MESSAGES = 3;

  private static final double NANOS_PER_MS = 1e6;

  /**
   * Steps of a report that were measured.
   *
   * @param step updates at the report
   * @param steps number of the steps that were measured
   * @param parts of one step, in the mean, in milliseconds
   */
  record Joined(long step, int steps, StepParts parts) {}

  /** What is known of a step. */
  private static final class OfStep {

    private StepWork work = StepWork.NONE;
    private int of;

    /** By node: its servers may well share its cores. */
    private final Map<Integer, Long> served = new HashMap<>();

    private void add(int node, Sample sample) {
      work = work.plus(work(sample));
      of = Math.max(of, sample.of());
      served.merge(node, sample.serve(), Long::sum);
    }

    private static StepWork work(Sample sample) {
      boolean waits = sample.workers() > 0;
      return new StepWork(
          sample.workers(),
          (double) sample.compute(),
          (double) sample.give(),
          (double) sample.add(),
          (double) sample.waiting(),
          waits ? (double) sample.leastWaiting() : Double.POSITIVE_INFINITY);
    }

    /** Whether all who take part in the step have told of it. */
    private boolean isWhole() {
      return work.workers() > 0 && work.workers() == of;
    }

    private StepParts parts() {
      return work.parts((double) Collections.max(served.values()));
    }
  }

  private final int reportEvery;
  private final TreeMap<Long, OfStep> open = new TreeMap<>();
  private final Map<Integer, List<Long>> newestTold = new HashMap<>();
  private long closed = -1;

  /**
   * @param reportEvery steps of a report
   */
  StepJoin(int reportEvery) {
    this.reportEvery = reportEvery;
  }

  /** A node has told what it measured; returns the reports of which all is known now. */
  synchronized List<Joined> add(int node, List<Sample> samples) {
    long newest = -1;
    for (Sample sample : samples) {
      newest = Math.max(newest, sample.step());
      if (sample.step() > closed) {
        open.computeIfAbsent(sample.step(), step -> new OfStep()).add(node, sample);
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
  synchronized List<Joined> rest(long steps) {
    return close(steps);
  }

  /** Of each report up to {@code end} updates. */
  private List<Joined> close(long end) {
    List<Joined> times = new ArrayList<>();
    while (!open.isEmpty() && open.firstKey() < end) {
      long report = Math.min(end, (open.firstKey() / reportEvery + 1) * reportEvery);
      SortedMap<Long, OfStep> done = open.headMap(report);
      mean(report, done).ifPresent(times::add);
      done.clear();
    }
    closed = Math.max(closed, end - 1);
    return times;
  }

  /** Of the steps of which all workers have told. */
  private static Optional<Joined> mean(long report, SortedMap<Long, OfStep> steps) {
    List<StepParts> whole =
        steps.values().stream().filter(OfStep::isWhole).map(OfStep::parts).toList();
    return whole.stream()
        .reduce(StepParts::plus)
        .map(sum -> sum.over(NANOS_PER_MS * whole.size()))
        .map(parts -> new Joined(report, whole.size(), parts));
  }
}
