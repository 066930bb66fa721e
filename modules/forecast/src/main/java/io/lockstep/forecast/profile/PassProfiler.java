package io.lockstep.forecast.profile;

import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.PassListener;
import io.lockstep.training.Buckets;
import io.lockstep.training.Job;
import io.lockstep.training.Median;
import io.lockstep.training.Theta;
import io.lockstep.training.TrialPass;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures passes of a job: real ones, over real rows, once they are compiled. Passes over
 * different numbers of leaves take turns, so that a machine that becomes slower meanwhile makes all
 * of them slower. Between two passes all weights are updated, untimed: in a run that takes caches,
 * too. A script awaits each bucket as a whole once, and has it ready as a whole once.
 *
 * <p>Used by one thread, which computes; beside it as many as there are cores.
 */
public final class PassProfiler {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Job job;
  private final Kernels kernels;
  private final int cores;
  private final Theta theta;
  private final TrialPass trial;
  private final PassRecorder recorder;

  /**
   * What was measured.
   *
   * @param costs of passes
   * @param taken share of the time in which the thread that measured, which has nothing to wait
   *     for, had no core: from 0 to 1; 0 where this JVM does not tell
   */
  public record Measured(PassCosts costs, double taken) {}

  /**
   * @param buckets that gradients leave in, and weights come in
   * @param cores the most threads that are to compute at once
   */
  public PassProfiler(Job job, Buckets buckets, Kernels kernels, int cores) {
    this.job = job;
    this.kernels = kernels;
    this.cores = cores;
    this.theta = TrialPass.initialWeights(job);
    this.trial = new TrialPass(job, kernels, theta);
    this.recorder = new PassRecorder(buckets);
  }

  /** Has kernels and passes compiled: nothing is measured. */
  public void warmUp() {
    kernels.warmUp();
    measure(Repetitions.WARM_UP);
  }

  /** Measures all but {@link #slowdowns}, in some seconds. */
  public Measured measure(List<Double> slowdowns) {
    long since = System.nanoTime();
    long computed = THREADS.getCurrentThreadCpuTime();
    Passes passes = measure(Repetitions.MEASURED);
    double own = THREADS.getCurrentThreadCpuTime() - computed;
    double taken = computed < 0 ? 0 : Math.clamp(1 - own / (System.nanoTime() - since), 0, 1);
    List<PassScript> scripts = passes.trained().stream().map(RecordedPasses::script).toList();
    double evaluation = Median.of(passes.evaluations().stream().mapToDouble(n -> n));
    return new Measured(new PassCosts(scripts, evaluation, slowdowns), taken);
  }

  /** Passes for each number of leaves, and nanoseconds of a unit's evaluation. */
  private record Passes(List<RecordedPasses> trained, List<Double> evaluations) {}

  private Passes measure(Repetitions repetitions) {
    Passes passes = new Passes(new ArrayList<>(), new ArrayList<>());
    for (int leaves = 1; leaves <= TrialPass.mostLeaves(job); leaves *= 2) {
      passes.trained.add(new RecordedPasses(leaves));
    }
    repetitions.run(round -> round(round, passes));
    return passes;
  }

  private void round(int round, Passes passes) {
    for (RecordedPasses of : passes.trained) {
      recorder.begin();
      trial.train(of.leaves(), round, recorder);
      long[] nanos = recorder.end();
      of.add(recorder.calls(), nanos);
      trial.update(round);
    }
    long since = System.nanoTime();
    double units = trial.evaluate();
    passes.evaluations.add((double) (System.nanoTime() - since) / units);
  }

  /**
   * How many times as long a pass takes while 1, 2, 3 … threads compute at once: they share what
   * lies between the cores and the memory, and the power that the processor may take. Passes have
   * as many leaves as each thread gets of a step.
   */
  public List<Double> slowdowns() {
    int share = Integer.highestOneBit(Math.max(1, job.mostLeaves() / cores));
    int leaves = Math.min(share, TrialPass.mostLeaves(job));
    List<Runnable> passes = new ArrayList<>();
    passes.add(() -> trial.train(leaves, 0, PassListener.NONE));
    for (int i = 1; i < cores; i++) {
      TrialPass own = new TrialPass(job, kernels, theta);
      passes.add(() -> own.train(leaves, 0, PassListener.NONE));
    }
    return new Crowding(passes).slowdowns();
  }
}
