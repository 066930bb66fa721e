package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardSubscriber;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A shard that is served to the workers of a run: encodes each new version of a bucket once, and
 * queues that frame for every worker. Called by the threads that complete buckets; never waits.
 */
final class ServedRun implements ShardSubscriber {

  private final RunIdentity identity;
  private final ShardHost shard;
  private final Frames frames;
  private final List<WorkerConnection> workers = new CopyOnWriteArrayList<>();
  private final List<Link> keepers = new CopyOnWriteArrayList<>();

  ServedRun(RunIdentity identity, ShardHost shard, Frames frames) {
    this.identity = identity;
    this.shard = shard;
    this.frames = frames;
    shard.subscribe(this);
  }

  RunIdentity identity() {
    return identity;
  }

  ShardHost shard() {
    return shard;
  }

  /**
   * Lets in a worker that has proved itself: it gets all that is published, from what there is now.
   * It is among the workers before it can know that it is welcome: what is told after that, it
   * gets.
   */
  void admit(Link link, String name, ByteBuf welcome) {
    WorkerConnection worker = new WorkerConnection(link, this);
    worker.begin(name);
    workers.add(worker);
    link.write(welcome);
    link.flush();
    shard.tellNewest(new Newcomer(worker));
  }

  /** Lets in whoever keeps the run's checkpoints: nothing is told to it but what it asks for. */
  void admitKeeper(Link link, String name, ByteBuf welcome) {
    KeeperConnection keeper = new KeeperConnection(link, identity, shard, frames);
    link.admit(name, keeper, keeper.mostPayloadBytes());
    keepers.removeIf(Link::ended);
    keepers.add(link);
    link.write(welcome);
    link.flush();
  }

  void remove(WorkerConnection worker) {
    workers.remove(worker);
  }

  /** Number of connected workers. */
  int workers() {
    return workers.size();
  }

  /** Frames that wait for the slowest worker. */
  int waiting() {
    return workers.stream().mapToInt(WorkerConnection::waiting).max().orElse(0);
  }

  /** Ends all connections; returns their ends. */
  List<ChannelFuture> close() {
    shard.unsubscribe(this);
    return Stream.concat(workers.stream().map(WorkerConnection::link), keepers.stream())
        .map(link -> link.leave(frames.goodbye(identity)))
        .toList();
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    send(workers, bucket, version, plan, theta, at);
  }

  private void send(
      List<WorkerConnection> to, int bucket, long version, int plan, float[] theta, int at) {
    if (to.isEmpty()) {
      return;
    }
    Buckets buckets = shard.buckets();
    int length = buckets.to(bucket) - buckets.from(bucket);
    ByteBuf frame = frames.weights(identity, bucket, version, plan, theta, at, length);
    for (WorkerConnection worker : to) {
      worker.weights(bucket, version, plan, frame.retainedDuplicate());
    }
    frame.release();
  }

  @Override
  public void begins(long version, int plan) {
    for (WorkerConnection worker : workers) {
      worker.step(version, plan, frames.step(identity, version, plan));
    }
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    for (WorkerConnection worker : workers) {
      worker.evaluated(evaluation, version, frames.evaluated(identity, evaluation, version));
    }
  }

  /** Names runs for a message. */
  static String describe(Collection<Long> runIds) {
    return runIds.isEmpty()
        ? "none (nothing is served yet, or no longer)"
        : runIds.stream().map("%016x"::formatted).collect(Collectors.joining(" or "));
  }

  /** Gets the state of the shard when it joins. */
  private final class Newcomer implements ShardSubscriber {

    private final List<WorkerConnection> alone;

    Newcomer(WorkerConnection worker) {
      this.alone = List.of(worker);
    }

    @Override
    public void published(int bucket, long version, int plan, float[] theta, int at) {
      send(alone, bucket, version, plan, theta, at);
    }

    @Override
    public void begins(long version, int plan) {
      alone.forEach(w -> w.step(version, plan, frames.step(identity, version, plan)));
    }

    @Override
    public void evaluated(Evaluation evaluation, long version) {
      alone.forEach(
          w -> w.evaluated(evaluation, version, frames.evaluated(identity, evaluation, version)));
    }
  }
}
