package io.lockstep;

import io.lockstep.config.Configuration;
import io.lockstep.config.TrainSettings;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.nn.Network;
import io.lockstep.training.Assignment;
import io.lockstep.training.Buckets;
import io.lockstep.training.Epochs;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.Replica;
import io.lockstep.training.Workplaces;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a configuration amounts to, before anything is trained.
 *
 * @param name of the configuration
 * @param inputs columns of a row
 * @param layers name, kind, output width and parameters of each layer, the output last
 * @param parameters number of weights and biases
 * @param optimizer the optimizer with its settings
 * @param schedule the learning rate's course
 * @param batch rows of a step, over all workers
 * @param microBatches micro-batches of a full step that have rows
 * @param rowsPerMicroBatch rows of each but perhaps the last
 * @param workers number of workers asked for; those beyond {@link #busyWorkers} are idle
 * @param busyWorkers how many of them have micro-batches
 * @param partials gradients that travel per step: one for each whole subtree of a worker
 * @param servers number of parameter servers
 * @param buckets pieces in which θ travels and is updated
 * @param bucketBytes bytes of a bucket, the last may have fewer
 * @param bucketsPerServer buckets of each parameter server
 * @param weightsBytes bytes of the weights, both versions, padding included
 * @param stateBytes bytes of the optimizer's state, over all servers
 * @param places workers that compute at once in one JVM of this machine; others wait for theirs
 * @param placeBytes bytes of each place: activations and their gradients, and one gradient of θ
 */
public record Inspection(
    String name,
    int inputs,
    List<Network.LayerSummary> layers,
    int parameters,
    String optimizer,
    String schedule,
    int batch,
    int microBatches,
    int rowsPerMicroBatch,
    int workers,
    int busyWorkers,
    int partials,
    int servers,
    int buckets,
    long bucketBytes,
    List<Integer> bucketsPerServer,
    long weightsBytes,
    long stateBytes,
    int places,
    long placeBytes) {

  /** Bytes of all of it in one JVM. */
  public long totalBytes() {
    return weightsBytes + stateBytes + places * placeBytes;
  }

  /**
   * Inspects a configuration for the rows that it is to be trained on.
   *
   * @throws io.lockstep.config.ConfigurationException if they do not fit, or this machine lacks the
   *     kernels asked for
   */
  public static Inspection of(Configuration configuration, Partitions data) {
    MachineKernels.of(configuration); // Refused as for training.
    return of(configuration, configuration.toNetwork(data), data.train().size());
  }

  /** Inspects a configuration with its network; how many rows it trains on is not known. */
  public static Inspection of(Configuration configuration, Network network) {
    return of(configuration, network, Integer.MAX_VALUE);
  }

  private static Inspection of(Configuration configuration, Network network, int trainRows) {
    MicroBatches cut =
        new MicroBatches(configuration.train().batch(), configuration.train().microBatches());
    int workers = configuration.cluster().workers();
    int mostRows = Math.min(cut.batch(), trainRows);
    int leaves = cut.leaves(mostRows);
    Assignment assignment = Assignment.of(leaves, workers, Replica.maxLeaves(cut));
    long floats = network.parameters().packedLength();
    Buckets buckets =
        new Buckets(
            (int) floats, configuration.cluster().bucketBytes(), configuration.cluster().servers());
    return new Inspection(
        configuration.name(),
        network.inputWidth(),
        network.summary(),
        network.parameters().trainedCount(),
        configuration.optimizer().toOptimizer().describe(),
        schedule(configuration, trainRows),
        cut.batch(),
        leaves,
        cut.leafRows(),
        workers,
        assignment.busyWorkers(),
        IntStream.range(0, workers).map(worker -> assignment.nodes(worker).size()).sum(),
        buckets.shards(),
        buckets.count(),
        4L * (buckets.to(0) - buckets.from(0)),
        IntStream.range(0, buckets.shards())
            .mapToObj(shard -> buckets.firstBucket(shard + 1) - buckets.firstBucket(shard))
            .toList(),
        2 * 4 * floats,
        4 * floats * configuration.optimizer().toOptimizer().stateArrays(),
        Workplaces.places(workers),
        network.passBytes(Replica.passRows(cut, Replica.maxLeaves(cut), mostRows)) + 4 * floats);
  }

  private static String schedule(Configuration configuration, int trainRows) {
    TrainSettings train = configuration.train();
    if (trainRows == Integer.MAX_VALUE) {
      return configuration.schedule().name().toString().toLowerCase(Locale.ROOT);
    }
    Sampler sampler = new Sampler(train.seed(), trainRows, train.batch());
    return configuration
        .toSchedule(new Epochs(sampler, train.epochs(), train.maxSteps()).steps())
        .describe();
  }
}
