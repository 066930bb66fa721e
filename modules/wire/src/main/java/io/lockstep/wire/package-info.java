/**
 * The data plane: weights and gradients between processes, over TCP or Unix sockets. Frames with a
 * checked header, payloads written by Kryo with fixed ids, a handshake with a shared key. The byte
 * layout is in {@code docs/wire-protocol.md}.
 *
 * <p>The way of a gradient: {@link io.lockstep.wire.NettyDataPlane} hands a node's {@link
 * io.lockstep.training.Uplink} to training; a compute thread puts a bucket into the {@code
 * SendQueue} of its server; the event loop encodes it into a pooled direct buffer and writes it. At
 * the server {@code FrameReader} copies what arrives straight into the partial's array, and hands
 * it to the {@link io.lockstep.training.ShardHost} once its checksum is right. New weights come
 * back through a {@code LatestQueue} for each worker, encoded once for all of them.
 *
 * <p>The way to a standby: {@code MirrorConnection} queues what the shard mirrors in a {@code
 * FrameQueue}, in order; {@code StandbyConnection} gives it to the standby on another node, and
 * acknowledges it.
 */
package io.lockstep.wire;
