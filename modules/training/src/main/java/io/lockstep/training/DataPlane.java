package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How the shards and replicas of a node meet those of other nodes: weights and gradients travel on
 * it, never in actors' messages. One for each process; thread-safe; whoever makes it closes it.
 */
public interface DataPlane extends AutoCloseable {

  /** Where other nodes reach this one. */
  Endpoint endpoint();

  /** The arrays for a shard of this node, to be made into a {@link ShardHost} and served. */
  Theta theta(Buckets buckets, int shard);

  /** Serves a shard to the nodes of {@code run}, until {@link #leave}. */
  void serve(RunIdentity run, ShardHost shard);

  /**
   * Connects this node's replicas with all shards of {@code run}; returns when each has answered.
   *
   * @param name names this node to its peers
   * @param node number of this node in plans
   * @param slots number of its replicas
   * @param servers by number of shard
   * @throws java.io.UncheckedIOException if a server does not answer or refuses this node
   */
  NodeExchange connect(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      Kernels kernels,
      int node,
      int slots,
      List<Endpoint> servers);

  /**
   * Fetches the packed weights of {@code version} from the shards of {@code run}, which stand at
   * it, or have halted with the next one. Within one JVM the array is that of the shards, not to be
   * written.
   *
   * @param name names this node to its peers
   * @param servers by number of shard
   * @throws java.io.UncheckedIOException if a server does not answer, or does not have it; {@link
   *     IllegalArgumentException} where the shard is of this JVM
   */
  float[] weights(
      RunIdentity run, String name, Job job, Buckets buckets, long version, List<Endpoint> servers);

  /**
   * Fetches the snapshot that every shard of {@code run} has at {@code version}, as of {@link
   * Keeping#snapshotAt}: once, since shards do not keep what was read. Returns when all of it is
   * here; it stays as it is until the shards are asked for the next.
   *
   * @param name names this node to its peers
   * @param servers by number of shard
   * @throws java.io.UncheckedIOException if a server does not answer, or has no such snapshot;
   *     {@link IllegalArgumentException} where the shard is of this JVM
   */
  TrainingState fetch(
      RunIdentity run, String name, Job job, Buckets buckets, long version, List<Endpoint> servers);

  /**
   * Gives every shard of {@code run} its part of {@code state}, before the first step; returns when
   * all have it.
   *
   * @param name names this node to its peers
   * @param servers by number of shard
   * @throws java.io.UncheckedIOException if a server does not answer
   */
  void restore(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      TrainingState state,
      List<Endpoint> servers);

  /**
   * Lets go of a server, which may be gone: after the stage has completed nothing that it sends has
   * an effect on this node's exchange any more. What replicas give meanwhile is dropped.
   */
  CompletionStage<Void> forsake(RunIdentity run, int shard);

  /**
   * Connects this node's replicas with another server of a shard, and has them give again what it
   * may lack; returns when it has answered.
   *
   * @throws java.io.UncheckedIOException if it does not answer or refuses this node
   */
  void reconnect(RunIdentity run, int shard, Endpoint server);

  /**
   * Connects a standby with the server of its shard, which fills it and then mirrors to it, until
   * {@link #unmirror}; returns when the server has answered. If the connection breaks, {@link
   * Following#primaryLost} is told.
   *
   * @param name names this node to its peers
   * @param number of the standby, as of {@link Mirroring#begin}
   * @throws java.io.UncheckedIOException if the server does not answer or refuses this node
   */
  void mirror(RunIdentity run, String name, ShardHost standby, int number, Endpoint server);

  /**
   * Ends the connection of a standby with its shard's server; after the stage has completed nothing
   * that comes from there reaches the standby any more.
   */
  CompletionStage<Void> unmirror(RunIdentity run, int shard);

  /** Ends all that belongs to {@code run}. */
  void leave(RunIdentity run);

  /** What travelled so far. */
  Traffic traffic();

  @Override
  void close();

  /**
   * What has travelled since the start of a data plane.
   *
   * @param framesSent frames sent
   * @param bytesSent bytes of them
   * @param framesReceived frames received
   * @param bytesReceived bytes of them
   */
  record Traffic(long framesSent, long bytesSent, long framesReceived, long bytesReceived) {

    /** Nothing. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0);

    /** What has travelled since {@code before}. */
    public Traffic since(Traffic before) {
      return new Traffic(
          framesSent - before.framesSent,
          bytesSent - before.bytesSent,
          framesReceived - before.framesReceived,
          bytesReceived - before.bytesReceived);
    }
  }
}
