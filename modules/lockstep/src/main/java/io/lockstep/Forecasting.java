package io.lockstep;

import io.lockstep.config.CheckpointSettings;
import io.lockstep.config.Configuration;
import io.lockstep.config.TrainSettings;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Failures;
import io.lockstep.forecast.Failures.Checkpoints;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.HeapRoom;
import io.lockstep.forecast.Losses;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Scenario;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.SpareCores;
import io.lockstep.forecast.Work;
import io.lockstep.forecast.Work.Evaluations;
import io.lockstep.forecast.run.ClusterSimulator;
import io.lockstep.forecast.run.ClusterSimulator.Window;
import io.lockstep.forecast.run.SimulationBytes;
import io.lockstep.optim.Lbfgs;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the training of a configuration would be like on machines that are not there. Nothing is
 * trained but what a profile needs.
 *
 * <p>Used by one thread.
 */
public final class Forecasting {

  private static final double NANOS_PER_MINUTE = 60e9;

  private final Configuration configuration;
  private final Partitions data;
  private final Job job;

  private Forecasting(Configuration configuration, Partitions data) {
    this.configuration = configuration;
    this.data = data;
    this.job = Jobs.of(configuration, data);
    if (job.optimizer() instanceof Lbfgs) {
      throw configuration.problem(
          "optimizer.name",
          "one whose steps take the same whatever the weights are, for a forecast",
          "lbfgs");
    }
  }

  /**
   * What does not depend on the machines.
   *
   * @param perWorker whether a step's rows grow with the workers, each of which has as many as the
   *     configuration's step
   * @param seed of what is drawn by lot
   * @param failuresPerHour of one machine
   * @param restartNanos until another machine is in the place of one that failed
   */
  public record Question(
      boolean perWorker, long seed, double failuresPerHour, double restartNanos) {}

  /**
   * Of the model that the configuration describes, on the data that it names.
   *
   * @throws io.lockstep.config.ConfigurationException if the configuration does not fit the data,
   *     its steps cannot be predicted, or this machine lacks the kernels asked for
   * @throws io.lockstep.data.DataException if the data cannot be had or are damaged
   */
  public static Forecasting create(Configuration configuration, DataRequest request) {
    MachineKernels.of(configuration); // Refused before the data are fetched.
    return create(configuration, configuration.loadData(request));
  }

  /** As {@link #create(Configuration, DataRequest)}, with the program's own data. */
  public static Forecasting create(Configuration configuration, Partitions data) {
    return new Forecasting(configuration, data);
  }

  /** Of the same model: measures what training it costs here, or reads what was measured before. */
  public Profiling profiling() {
    return Profiling.create(configuration, data);
  }

  /**
   * Answers questions by a profile.
   *
   * @param progress told of each cluster whose simulation begins, by any thread
   */
  public Forecaster forecaster(Profile profile, Question question, Consumer<ClusterSpec> progress) {
    return new Forecaster(scenario(profile, question, progress));
  }

  private Scenario scenario(Profile profile, Question question, Consumer<ClusterSpec> progress) {
    Begun begun = new Begun(HeapRoom.ofProcess(), mostServers(), progress);
    Losses simulated = simulator(profile, Scenario.seedOfLosses(question.seed()));
    Losses losses = begun.losses(simulated).remembered();
    Failures failures =
        new Failures(question.failuresPerHour(), question.restartNanos(), checkpoints(), losses);
    return new Scenario(
        seed -> begun.runs(simulator(profile, seed)),
        question.seed(),
        work(profile, question),
        failures,
        mostServers(),
        SpareCores.ofProcess());
  }

  /**
   * How simulations begin: once there is room for them, and told of.
   *
   * @param buckets of weights
   * @param progress told of the cluster
   */
  private record Begun(HeapRoom room, int buckets, Consumer<ClusterSpec> progress) {

    Simulator runs(Simulator simulator) {
      return (cluster, size, free) ->
          begin(cluster, size, () -> simulator.run(cluster, size, free));
    }

    Losses losses(Losses losses) {
      return (cluster, size, death) ->
          begin(cluster, size, () -> losses.lossOf(cluster, size, death));
    }

    private <T> T begin(ClusterSpec cluster, Size size, Supplier<T> simulation) {
      return room.with(
          SimulationBytes.of(cluster, size, buckets),
          () -> {
            progress.accept(cluster);
            return simulation.get();
          });
    }
  }

  private ClusterSimulator simulator(Profile profile, long seed) {
    long bucketBytes = configuration.cluster().bucketBytes();
    return new ClusterSimulator(job, bucketBytes, profile, seed, Window.USUAL);
  }

  /** All that there is to do. */
  public Work work(Profile profile, Question question) {
    TrainSettings train = configuration.train();
    Evaluations evaluations =
        new Evaluations(
            units(data.validation().size()), units(data.test().size()), profile.passes());
    return new Work(
        new Size(train.batch(), train.microBatches()),
        question.perWorker(),
        data.train().size(),
        train.epochs(),
        train.maxSteps(),
        evaluations);
  }

  private static int units(int rows) {
    return Math.ceilDiv(rows, Evaluation.UNIT_ROWS);
  }

  private Checkpoints checkpoints() {
    CheckpointSettings settings = configuration.checkpoint();
    return new Checkpoints(settings.everySteps(), settings.everyMinutes() * NANOS_PER_MINUTE);
  }

  /** The most parameter servers that have work: a bucket of weights is not divided. */
  public int mostServers() {
    int floats = job.network().parameters().packedLength();
    return new Buckets(floats, configuration.cluster().bucketBytes(), 1).count();
  }
}
