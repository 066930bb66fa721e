package io.lockstep.forecast.profile;

import io.lockstep.training.Median;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How much longer something takes while others do the same, each by a thread of its own. Counts of
 * threads take turns; where there are many cores, 1, 2, 4 … and all of them, and a line between.
 */
final class Crowding {

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
  private static final int LEAST_RUNS = 2;
  private static final Repetitions ROUNDS = new Repetitions(1.5, 5, 15);

  private final List<Runnable> work;

  /**
   * @param work of each thread
   */
  Crowding(List<Runnable> work) {
    this.work = work;
  }

  /** At index t − 1 the time with t threads by that with one; never below 1. */
  List<Double> slowdowns() {
    List<Integer> counts = counts();
    if (counts.size() == 1) {
      return List.of(1.0);
    }
    List<List<Double>> medians =
        counts.stream().map(c -> (List<Double>) new ArrayList<Double>()).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      ROUNDS.run(
          round -> {
            for (int i = 0; i < counts.size(); i++) {
              medians.get(i).add(together(threads, counts.get(i)));
            }
          });
    }
    double[] nanos =
        medians.stream().mapToDouble(m -> Median.of(m.stream().mapToDouble(n -> n))).toArray();
    return between(counts, nanos);
  }

  private List<Integer> counts() {
    List<Integer> counts = new ArrayList<>();
    for (int count = 1; count < work.size(); count *= 2) {
      counts.add(count);
    }
    counts.add(work.size());
    return counts;
  }

  /** The median time of a run while so many threads run. */
  private double together(ExecutorService threads, int count) {
    CyclicBarrier begin = new CyclicBarrier(count);
    List<Callable<List<Long>>> runs =
        work.subList(0, count).stream()
            .map(w -> (Callable<List<Long>>) () -> run(w, begin))
            .toList();
    try {
      List<Long> nanos = new ArrayList<>();
      for (Future<List<Long>> future : threads.invokeAll(runs)) {
        nanos.addAll(future.get());
      }
      return Median.of(nanos.stream().mapToDouble(Long::doubleValue));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while passes were measured", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a pass failed while it was measured", e.getCause());
    }
  }

  private static List<Long> run(Runnable work, CyclicBarrier begin) throws Exception {
    List<Long> nanos = new ArrayList<>();
    begin.await();
    long end = System.nanoTime() + SLICE_NANOS;
    while (System.nanoTime() < end || nanos.size() < LEAST_RUNS) {
      long since = System.nanoTime();
      work.run();
      nanos.add(System.nanoTime() - since);
    }
    return nanos;
  }

  /** A line between the counts that were measured, relative to the first; never below 1. */
  static List<Double> between(List<Integer> counts, double[] nanos) {
    List<Double> slowdowns = new ArrayList<>();
    for (int i = 0; i + 1 < counts.size(); i++) {
      int from = counts.get(i);
      int to = counts.get(i + 1);
      for (int count = from; count < to; count++) {
        double share = (count - from) / (double) (to - from);
        slowdowns.add((nanos[i] * (1 - share) + nanos[i + 1] * share) / nanos[0]);
      }
    }
    slowdowns.add(nanos[nanos.length - 1] / nanos[0]);
    return slowdowns.stream().map(s -> Math.max(1, s)).toList();
  }
}
