package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The data plane within one JVM: references only, nothing copied, no thread of its own. Shards
 * write the arrays that replicas read.
 */
public final class InProcessDataPlane implements DataPlane {

  private final List<ShardHost> shards = new ArrayList<>();
  private Theta theta;

  /** What was fetched last: its arrays are used again. */
  private float[][] fetched;

  @Override
  public Endpoint endpoint() {
    return Endpoint.IN_PROCESS;
  }

  @Override
  public synchronized Theta theta(Buckets buckets, int shard) {
    if (theta == null) {
      theta = new Theta(0, buckets.parameters());
    }
    return theta;
  }

  @Override
  public synchronized void serve(RunIdentity run, ShardHost shard) {
    shards.add(shard);
  }

  @Override
  public synchronized NodeExchange connect(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      Kernels kernels,
      int node,
      int slots,
      List<Endpoint> servers) {
    ShardHost[] byNumber = new ShardHost[buckets.shards()];
    shards.forEach(shard -> byNumber[shard.number()] = shard);
    Uplink uplink = new DirectUplink(buckets, byNumber);
    NodeExchange exchange =
        new NodeExchange(job, buckets, kernels, theta(buckets, 0), node, slots, uplink);
    ShardSubscriber subscriber = new DirectSubscriber(exchange);
    for (ShardHost shard : byNumber) {
      shard.subscribe(subscriber);
      shard.tellNewest(subscriber);
    }
    return exchange;
  }

  @Override
  public synchronized float[] weights(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      long version,
      List<Endpoint> servers) {
    shards.forEach(shard -> shard.keeping().requireWeights(version));
    return theta.array(version);
  }

  @Override
  public synchronized TrainingState fetch(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      long version,
      List<Endpoint> servers) {
    if (shards.size() == 1) {
      Optional<TrainingState> last = shards.getFirst().keeping().lastState(version);
      if (last.isPresent()) {
        return last.get(); // No second copy at the end of a run.
      }
    }
    if (fetched == null) {
      fetched = TrainingState.empty(job, version).arrays();
    }
    for (ShardHost shard : shards) {
      int first = buckets.firstBucket(shard.number());
      for (int bucket = first + shard.bucketCount() - 1; bucket >= first; bucket--) {
        fetch(shard.keeping(), version, buckets, bucket); // In the order of updates.
      }
    }
    return new TrainingState(version, fetched);
  }

  private void fetch(Keeping from, long version, Buckets buckets, int bucket) {
    int to = buckets.from(bucket);
    int length = buckets.to(bucket) - to;
    for (int array = 0; array < fetched.length; array++) {
      float[] all = fetched[array];
      from.snapshot(
          version, bucket, array, (values, at) -> System.arraycopy(values, at, all, to, length));
    }
    from.doneWith(version, bucket);
  }

  @Override
  public synchronized void restore(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      TrainingState state,
      List<Endpoint> servers) {
    for (ShardHost shard : shards) {
      int first = buckets.firstBucket(shard.number());
      for (int bucket = first; bucket < first + shard.bucketCount(); bucket++) {
        for (int array = 0; array < state.arrays().length; array++) {
          float[] values = state.arrays()[array];
          shard.keeping().restore(state.version(), bucket, array, values, buckets.from(bucket));
        }
      }
    }
  }

  @Override
  public CompletionStage<Void> forsake(RunIdentity run, int shard) {
    throw noOtherNode();
  }

  @Override
  public void reconnect(RunIdentity run, int shard, Endpoint server) {
    throw noOtherNode();
  }

  @Override
  public void mirror(RunIdentity run, String name, ShardHost standby, int number, Endpoint server) {
    throw noOtherNode();
  }

  /** There is none. */
  @Override
  public CompletionStage<Void> unmirror(RunIdentity run, int shard) {
    return CompletableFuture.completedFuture(null);
  }

  private static UnsupportedOperationException noOtherNode() {
    return new UnsupportedOperationException("a standby lives on another node; here is only one");
  }

  @Override
  public synchronized void leave(RunIdentity run) {
    shards.clear();
    theta = null;
    fetched = null;
  }

  @Override
  public Traffic traffic() {
    return Traffic.NONE;
  }

  @Override
  public void close() {}

  private record DirectUplink(Buckets buckets, ShardHost[] shards) implements Uplink {

    @Override
    public void sums(long step, int level, int index, int leaves, Sums sums) {
      for (ShardHost shard : shards) {
        shard.sums(step, level, index, leaves, sums);
      }
    }

    @Override
    public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
      shards[buckets.shardOf(bucket)].gradient(step, bucket, level, index, leaves, partial);
    }

    @Override
    public void evaluation(
        Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
      shards[buckets.shardOf(0)].evaluation(evaluation, version, level, index, units, sums);
    }
  }

  private record DirectSubscriber(NodeExchange exchange) implements ShardSubscriber {

    @Override
    public void published(int bucket, long version, int plan, float[] theta, int at) {
      exchange.received(bucket, version);
      if (plan != ShardHost.NO_PLAN) {
        exchange.begins(version, plan);
      }
    }

    @Override
    public void begins(long version, int plan) {
      exchange.begins(version, plan);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version) {
      exchange.evaluated(evaluation, version);
    }
  }
}
