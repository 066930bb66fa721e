package io.lockstep;

import com.typesafe.config.ConfigUtil;
import io.lockstep.cluster.JobSource;
import io.lockstep.cluster.PreparedJob;
import io.lockstep.config.Configuration;
import io.lockstep.config.TrainSettings;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.formula.TableEncoding;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Layer;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout.Role;
import io.lockstep.optim.Lbfgs;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.NumericsRevision;
import io.lockstep.training.Replica;
import io.lockstep.wire.NettyDataPlane;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes jobs from configurations: the same on every node of a cluster. Stateless. */
public final class Jobs {

  private Jobs() {}

  /**
   * The job of a configuration on its data.
   *
   * @throws io.lockstep.config.ConfigurationException if they do not fit
   */
  static Job of(Configuration configuration, Partitions data) {
    TrainSettings train = configuration.train();
    Network network = configuration.toNetwork(data);
    configuration.requireSupport(data.train().data(), network.family());
    configuration.requireSupport(data.test().data(), network.family());
    Sampler sampler = new Sampler(train.seed(), data.train().size(), train.batch());
    Epochs epochs = new Epochs(sampler, train.epochs(), train.maxSteps());
    Job job =
        new Job(
            network,
            data,
            new MicroBatches(train.batch(), train.microBatches()),
            epochs,
            configuration.optimizer().toOptimizer(),
            configuration.toSchedule(epochs.steps()),
            train.gradients(),
            train.stopping(),
            train.seed());
    requireRoom(configuration, job);
    requireValidation(configuration, job);
    requireIntercept(configuration, job);
    requireFixedLoss(configuration, job);
    return job;
  }

  /** The output has a bias, which is an intercept where the network is linear. */
  private static void requireIntercept(Configuration configuration, Job job) {
    TableEncoding table = job.data().encoding();
    if (configuration.network().isLinear() && table != null && !table.intercept()) {
      throw configuration.problem(
          "data.table.formula",
          "one with an intercept (without + 0 or - 1), as a network without hidden layers has one",
          table.formula());
    }
  }

  /** L-BFGS compares the slopes of one function at several points. */
  private static void requireFixedLoss(Configuration configuration, Job job) {
    if (!(job.optimizer() instanceof Lbfgs)) {
      return;
    }
    String why = " with optimizer.name = lbfgs";
    int rows = job.data().train().size();
    if (job.microBatches().batch() < rows) {
      throw configuration.problem(
          "train.batch",
          "at least %d, all training rows,%s".formatted(rows, why),
          job.microBatches().batch());
    }
    if (job.gradients() != GradientFormat.FLOAT32) {
      throw configuration.problem("train.gradients", "float32" + why, "bfloat16");
    }
    for (Layer layer : job.network().layers()) {
      boolean random = layer instanceof Layer.Dropout;
      if (random || layer.parameters().stream().anyMatch(p -> p.role() == Role.STATISTIC)) {
        throw configuration.problem(
            "network.layers", "neither dropout nor batch-norm" + why, layer.name());
      }
    }
  }

  private static void requireValidation(Configuration configuration, Job job) {
    EarlyStopping stopping = configuration.train().stopping();
    if (!job.data().validation().isEmpty()) {
      return;
    }
    String why = " without rows to validate on (see data.validation)";
    if (stopping.patience() > 0) {
      throw configuration.problem("train.earlyStopping.patience", "0" + why, stopping.patience());
    }
    if (stopping.restoreBest()) {
      throw configuration.problem("train.restoreBest", "false" + why, true);
    }
  }

  /** An array holds 2³¹ floats at most, and a pass keeps the values of its rows in one. */
  private static void requireRoom(Configuration configuration, Job job) {
    int rows = Replica.passRows(job);
    long most = Integer.MAX_VALUE / Math.max(1, job.network().bytesPerRow() / Float.BYTES);
    if (rows > most) {
      throw configuration.problem(
          "train.microBatches",
          "micro-batches of at most %d rows for this network".formatted(most),
          "%d (%d rows each)".formatted(job.microBatches().count(), job.microBatches().leafRows()));
    }
  }

  /**
   * Makes the jobs of runs that are handed to a node of a cluster.
   *
   * @param request how this node looks for data; a folder that it names is preferred to the run's
   * @param computes whether the node has workers
   */
  public static JobSource source(DataRequest request, boolean computes) {
    return (spec, jars) -> {
      Configuration configuration =
          Configuration.parse(spec.configuration() + own(request), spec.name()).withJars(jars);
      Kernels kernels = MachineKernels.of(configuration);
      if (computes) {
        kernels.beginWarmUp(KernelUses.of(configuration));
      }
      Job job = of(configuration, configuration.loadData(request));
      return prepared(configuration, job, kernels);
    };
  }

  private static String own(DataRequest request) {
    return request.dir() == null
        ? ""
        : "\ndata.dir = " + ConfigUtil.quoteString(request.dir().toString());
  }

  /** A job with all that its nodes have to agree on, computed on this machine. */
  static PreparedJob prepared(Configuration configuration, Job job, Kernels kernels) {
    Fingerprint fingerprint =
        new Fingerprint(
            sha256(configuration.toHoconOfResult()),
            job.data().sha256(),
            sha256(job.network().parameters().ranges().toString()),
            NettyDataPlane.PROTOCOL_VERSION,
            NumericsRevision.compute(kernels));
    return new PreparedJob(job, fingerprint, kernels);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
