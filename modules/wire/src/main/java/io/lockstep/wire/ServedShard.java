package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardSubscriber;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A shard that is served to the nodes of a run: encodes each new version of a bucket once, and
 * queues that frame for every worker. Called by the threads that complete buckets, under locks of
 * the shard; never waits. Who is let in, and the end, are under its own lock, which is taken before
 * those.
 */
final class ServedShard implements ShardSubscriber {

  private final RunIdentity run;
  private final ShardHost shard;
  private final Frames frames;
  private volatile List<WorkerConnection> workers = List.of();
  private final List<Link> others = new CopyOnWriteArrayList<>();
  private volatile MirrorConnection mirror;

  /** Where new versions stand for workers of this machine; there is none before the first. */
  private volatile Optional<SharedWeights> shared = Optional.empty();

  private boolean closed;

  ServedShard(RunIdentity run, ShardHost shard, Frames frames) {
    this.run = run;
    this.shard = shard;
    this.frames = frames;
    shard.subscribe(this);
  }

  RunIdentity run() {
    return run;
  }

  /** Which of the run's shards it is. */
  int number() {
    return shard.number();
  }

  /**
   * Lets in a worker that has proved itself: it gets all that is published, from what there is now.
   * It is among the workers before it can know that it is welcome: what is told after that, it
   * gets.
   *
   * @throws FrameException if it is served no longer
   */
  synchronized void admit(Link link, String name, ByteBuf welcome) throws FrameException {
    requireOpen(name, welcome);
    WorkerConnection worker = new WorkerConnection(link, data(), shard, this::remove);
    worker.begin(name);
    workers = Stream.concat(workers.stream(), Stream.of(worker)).toList();
    link.write(welcome);
    link.flush();
    share(worker);
    shard.tellNewest(new Newcomer(worker));
  }

  private void share(WorkerConnection worker) {
    Sharing sharing = worker.link().sharing();
    sharing.admit(run, frames);
    if (sharing.wanted()) {
      shared = shared.or(() -> SharedWeights.create(data()));
      shared.flatMap(weights -> weights.join(sharing)).ifPresent(worker::reader);
    }
  }

  /** What is published from now on is not for it; then its place in shared memory is free. */
  private synchronized void remove(WorkerConnection worker) {
    workers = workers.stream().filter(other -> other != worker).toList();
    if (worker.reader() != null) {
      shared.ifPresent(weights -> weights.leave(worker.reader()));
    }
  }

  /**
   * Lets in whoever keeps the run's checkpoints: nothing is told to it but what it asks for.
   *
   * @throws FrameException if it is served no longer
   */
  synchronized void admitKeeper(Link link, String name, ByteBuf welcome) throws FrameException {
    requireOpen(name, welcome);
    new KeeperConnection(link, data(), shard, frames).read(name);
    others.removeIf(Link::ended);
    others.add(link);
    link.write(welcome);
    link.flush();
  }

  /**
   * Lets in a standby in place of an older one, whose connection ends.
   *
   * @throws FrameException if it is given up already, or there is a newer one, or the shard is
   *     served no longer
   */
  synchronized void admitStandby(Link link, Introduction client, ByteBuf welcome)
      throws FrameException {
    requireOpen(client.name(), welcome);
    MirrorConnection added = new MirrorConnection(link, data(), shard, frames, welcome);
    try {
      shard.mirroring().begin(added, client.standby());
    } catch (IllegalStateException superseded) {
      added.end();
      throw new FrameException.Unexpected(
          client.name() + " (" + link.peer() + ")",
          "standby of shard " + number(),
          "one that is still wanted",
          superseded.getMessage());
    }
    added.begin(client.name());
    MirrorConnection before = mirror;
    mirror = added;
    if (before != null) {
      before.end(); // Else it would go on to fill, which is now for the new one.
      others.add(before.link());
      var _ = before.link().leave(frames.goodbye(run));
    }
  }

  /** Who is let in after the end would be told of no end. */
  private void requireOpen(String peer, ByteBuf welcome) throws FrameException {
    if (closed) {
      welcome.release();
      throw new FrameException.WrongRun(peer, "none (it is over)", run.runId());
    }
  }

  private DataFrames data() {
    return new DataFrames(run, shard.buckets(), number());
  }

  /** Number of connected workers. */
  int workers() {
    return workers.size();
  }

  /** Frames that wait for the slowest worker. */
  int waiting() {
    return workers.stream().mapToInt(WorkerConnection::waiting).max().orElse(0);
  }

  /** Frames that wait for the standby. */
  int waitingForStandby() {
    MirrorConnection standby = mirror;
    return standby == null ? 0 : standby.waiting();
  }

  /** Ends all connections; returns their ends. */
  synchronized List<ChannelFuture> close() {
    closed = true;
    shard.unsubscribe(this);
    shared.ifPresent(SharedWeights::close);
    return Stream.concat(
            Stream.concat(workers.stream(), Stream.ofNullable(mirror)).map(ShardConnection::link),
            others.stream())
        .map(link -> link.leave(frames.goodbye(run)))
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
    SharedWeights.Written written =
        shared.isEmpty()
            ? SharedWeights.Written.NOTHING
            : shared.get().write(to, theta, at, length);
    if (written.readers() != 0) {
      sendNotice(to, bucket, version, plan, length, written);
    }
    if (Long.bitCount(written.readers()) < to.size()) {
      ByteBuf whole = frames.weights(run, bucket, version, plan, theta, at, length);
      for (WorkerConnection worker : to) {
        if (!written.isFor(worker.reader())) {
          worker.weights(bucket, version, plan, new Outgoing.Encoded(whole.retainedDuplicate()));
        }
      }
      whole.release();
    }
  }

  /** Tells those who read shared memory where the version is. */
  private void sendNotice(
      List<WorkerConnection> to,
      int bucket,
      long version,
      int plan,
      int length,
      SharedWeights.Written written) {
    ByteBuf notice = frames.sharedWeights(run, bucket, version, plan, written.ticket(), length);
    for (WorkerConnection worker : to) {
      SharedWeights.Reader reader = worker.reader();
      if (written.isFor(reader)) {
        worker.weights(
            bucket,
            version,
            plan,
            written.notice(reader, notice.retainedDuplicate(), length * Float.BYTES));
      }
    }
    notice.release();
  }

  @Override
  public void begins(long version, int plan) {
    for (WorkerConnection worker : workers) {
      worker.step(version, plan, frames.step(run, version, plan));
    }
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    for (WorkerConnection worker : workers) {
      worker.evaluated(evaluation, version, frames.evaluated(run, evaluation, version));
    }
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
      alone.forEach(w -> w.step(version, plan, frames.step(run, version, plan)));
    }

    @Override
    public void evaluated(Evaluation evaluation, long version) {
      alone.forEach(
          w -> w.evaluated(evaluation, version, frames.evaluated(run, evaluation, version)));
    }
  }
}
