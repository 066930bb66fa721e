package io.lockstep;

import io.lockstep.cluster.ControlMeter;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.profile.AggregationProfiler;
import io.lockstep.forecast.profile.PassProfiler;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.training.Buckets;
import io.lockstep.training.Job;
import io.lockstep.wire.WireMeter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Measures in this process, for some 20 seconds, what training a model costs on this machine: all
 * that a forecast needs to know of it. Nothing is learned meanwhile.
 *
 * <p>What is measured does not depend on how long the model is trained, nor on how many rows a step
 * has, as long as its micro-batches have as many; so a profile that was written to a file can be
 * read for other runs of the same model.
 *
 * <p>Used by one thread.
 */
public final class Profiling {

  /** Told of progress, by the thread that measures. */
  @FunctionalInterface
  public interface Progress {

    /**
     * Something is about to be measured.
     *
     * @param what for people
     * @param done what part of all is done, from 0 to 1
     */
    void begins(String what, double done);
  }

  private final Configuration configuration;
  private final Job job;
  private final Kernels kernels;
  private final Buckets buckets;

  private Profiling(Configuration configuration, Partitions data) {
    this.configuration = configuration;
    this.kernels = MachineKernels.of(configuration);
    this.job = Jobs.of(configuration, data);
    this.buckets =
        new Buckets(
            job.network().parameters().packedLength(), configuration.cluster().bucketBytes(), 1);
  }

  /**
   * Of the model that the configuration describes, on the data that it names.
   *
   * @throws io.lockstep.config.ConfigurationException if the configuration does not fit the data,
   *     or this machine lacks the kernels asked for
   * @throws io.lockstep.data.DataException if the data cannot be had or are damaged
   */
  public static Profiling create(Configuration configuration, DataRequest request) {
    MachineKernels.of(configuration).beginWarmUp(KernelUses.of(configuration));
    return new Profiling(configuration, configuration.loadData(request));
  }

  /** As {@link #create(Configuration, DataRequest)}, with the program's own data. */
  public static Profiling create(Configuration configuration, Partitions data) {
    return new Profiling(configuration, data);
  }

  /** Measures. */
  public Profile run(Progress progress) {
    PassProfiler.Measured passes = passes(progress);
    progress.begins("sums and updates", 0.6);
    AggregationCosts aggregation = new AggregationProfiler(job, buckets, kernels).measure();
    progress.begins("frames over sockets", 0.75);
    WireCosts.Path sockets = path(WireMeter::ofSockets);
    progress.begins("frames in shared memory", 0.85);
    WireCosts.Path shared = path(WireMeter::ofSharedMemory);
    progress.begins("messages between actors", 0.95);
    double control = ControlMeter.hopNanos();
    return new Profile(
        machine(passes.taken()),
        passes.costs(),
        aggregation,
        new WireCosts(sockets, shared, control));
  }

  private PassProfiler.Measured passes(Progress progress) {
    int cores = Runtime.getRuntime().availableProcessors();
    PassProfiler profiler = new PassProfiler(job, buckets, kernels, cores);
    progress.begins("compiling", 0);
    profiler.warmUp();
    progress.begins("passes by 1 to %d threads at once".formatted(cores), 0.2);
    List<Double> slowdowns = profiler.slowdowns();
    progress.begins("passes", 0.3);
    return profiler.measure(slowdowns);
  }

  private static WireCosts.Path path(Supplier<WireMeter> meters) {
    try (WireMeter meter = meters.get()) {
      WireMeter.Costs costs = meter.measure();
      return new WireCosts.Path(
          frames(costs.behind()), frames(costs.apart()), costs.loopWake(), costs.wake());
    }
  }

  private static WireCosts.Frames frames(WireMeter.Frames frames) {
    return new WireCosts.Frames(
        frames.hand().start(),
        frames.hand().slope(),
        frames.send().start(),
        frames.send().slope(),
        frames.receive().start(),
        frames.receive().slope());
  }

  private static Profile.Machine machine(double taken) {
    Machine machine = Machine.ofProcess();
    BuildInfo build = BuildInfo.ofProgram();
    return new Profile.Machine(
        machine.cpu(),
        machine.cores(),
        machine.jdk(),
        "%s (%s)".formatted(build.version(), build.commit()),
        taken);
  }

  /**
   * Writes a profile of this model, in place of what is there.
   *
   * @throws io.lockstep.model.ModelException if the file cannot be written
   */
  public void write(Profile profile, Path file) {
    ProfileFile.of(model(), profile).write(file);
  }

  /**
   * Reads a profile that was written for this model, here or on another machine.
   *
   * @throws io.lockstep.model.ModelException if it cannot be read, is none, or is of another model
   */
  public Profile read(Path file) {
    ProfileFile read = ProfileFile.read(file);
    model().require(read.model(), file);
    return read.profile();
  }

  private ProfiledModel model() {
    return ProfiledModel.of(configuration, job);
  }
}
