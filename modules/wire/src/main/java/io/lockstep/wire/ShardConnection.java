package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.lockstep.training.trace.Tracer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The end of a connection at a shard: receives floats into an array beside the shard's own, and
 * hands over what comes when it is verified. A peer that dies half-way through a frame leaves
 * nothing behind.
 *
 * <p>Frames come on the connection's event loop.
 */
abstract class ShardConnection implements FrameHandler {

  private final Link link;
  private final DataFrames data;
  private final ShardHost shard;
  private final String role;
  private final List<FrameType> types;
  private String name = "";

  /** Being received; belongs to this connection until it is handed over. */
  private Partial partial;

  /**
   * @param role of the peer, for messages
   * @param types what the peer may send, besides its goodbye; at least two
   */
  ShardConnection(Link link, DataFrames data, ShardHost shard, String role, List<FrameType> types) {
    this.link = link;
    this.data = data;
    this.shard = shard;
    this.role = role;
    this.types = types;
  }

  final Link link() {
    return link;
  }

  final DataFrames data() {
    return data;
  }

  final ShardHost shard() {
    return shard;
  }

  /** Reads from now on what a peer of this name sends. */
  final void read(String peerName) {
    name = peerName;
    link.admit(peerName, this, data.mostPayloadBytes());
  }

  /**
   * Takes the floats of a frame, and releases them, also if it throws.
   *
   * @param at where the frame's bucket begins in the partial's values
   * @throws IllegalArgumentException if there can be no such frame in this run
   */
  abstract void take(FrameHeader header, Partial received, int at) throws FrameException;

  /**
   * Takes a frame without floats.
   *
   * @throws IllegalArgumentException if there can be no such frame in this run
   */
  abstract void take(FrameHeader header, Object payload) throws FrameException;

  /**
   * The connection has ended.
   *
   * @param name of the peer
   * @param broke whether neither side had said that it would
   */
  abstract void ended(String name, boolean broke, String why);

  @Override
  public final Tracer tracer() {
    return shard.tracer();
  }

  @Override
  public final void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    data.checkRun(header, link.peer());
    if (header.type != FrameType.GOODBYE && !types.contains(header.type)) {
      throw new FrameException.Unexpected(
          link.peer(), "frame of a " + role, describeTypes(), header.type);
    }
    if (header.type.content == FrameType.Content.FLOATS) {
      GradientFormat format =
          header.type == FrameType.GRADIENT ? shard.gradients() : GradientFormat.FLOAT32;
      expected.set(null, 0, data.floats(header, link.peer()), format);
    }
  }

  private String describeTypes() {
    int last = types.size() - 1;
    return types.stream().limit(last).map(FrameType::toString).collect(Collectors.joining(", "))
        + " or "
        + types.get(last);
  }

  @Override
  public final void open(FrameHeader header, FloatBlock target) {
    partial = shard.take(header.bucket);
    target.values = partial.values();
    target.at = at(header, partial);
  }

  private int at(FrameHeader header, Partial of) {
    return data.buckets().from(header.bucket) - of.from();
  }

  @Override
  public final void floats(FrameHeader header) throws FrameException {
    Partial received = partial;
    partial = null;
    try {
      take(header, received, at(header, received));
    } catch (IllegalArgumentException e) {
      throw violation(header, e);
    }
  }

  @Override
  public final void message(FrameHeader header, Object payload) throws FrameException {
    if (header.type == FrameType.GOODBYE) {
      link.expectEnd();
      return;
    }
    try {
      take(header, payload);
    } catch (IllegalArgumentException e) {
      throw violation(header, e);
    }
  }

  private FrameException violation(FrameHeader header, IllegalArgumentException cause) {
    return new FrameException.Unexpected(
        link.peer(),
        header.type.toString(),
        "one that can be part of this run",
        cause.getMessage());
  }

  @Override
  public final void closed(String why) {
    if (partial != null) {
      partial.release();
      partial = null;
    }
    ended(name, !link.endIsExpected(), why);
  }
}
