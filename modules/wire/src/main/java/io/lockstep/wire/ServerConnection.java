package io.lockstep.wire;

import io.lockstep.training.NodeExchange;
import io.lockstep.training.ShardHost;
import io.lockstep.training.trace.Tracer;

/**
 * The worker's end of the connection with one server: copies new weights straight into the
 * exchange's array. When it ends the exchange is told that the server is lost, unless this node has
 * let go of it.
 *
 * <p>Belongs to the connection's event loop.
 */
final class ServerConnection implements FrameHandler {

  private final Link link;
  private final DataFrames frames;
  private final NodeExchange exchange;
  private boolean wanted;

  ServerConnection(Link link, DataFrames frames, NodeExchange exchange) {
    this.link = link;
    this.frames = frames;
    this.exchange = exchange;
  }

  @Override
  public Tracer tracer() {
    return exchange.tracer();
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    frames.checkRun(header, link.peer());
    switch (header.type) {
      case WEIGHTS -> expected.length = frames.floats(header, link.peer());
      case STEP, EVALUATED, GOODBYE -> {}
      default ->
          throw new FrameException.Unexpected(
              link.peer(), "frame of a server", "WEIGHTS, STEP or EVALUATED", header.type);
    }
  }

  /**
   * A version that is not newer than what is here is read and dropped. A newer one overwrites the
   * version before the last, which nobody reads any more.
   */
  @Override
  public void open(FrameHeader header, FloatBlock target) {
    wanted = exchange.wants(header.bucket, header.step);
    if (wanted) {
      target.values = exchange.weights(header.step);
      target.at = frames.buckets().from(header.bucket);
    }
  }

  @Override
  public void floats(FrameHeader header) {
    if (wanted) {
      exchange.received(header.bucket, header.step);
    }
    if (header.plan != ShardHost.NO_PLAN) {
      exchange.begins(header.step, header.plan);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) throws FrameException {
    switch (header.type) {
      case STEP -> exchange.begins(header.step, header.plan);
      case EVALUATED -> exchange.evaluated(DataFrames.evaluation(header, link.peer()), header.step);
      default -> link.expectEnd();
    }
  }

  @Override
  public void closed(String why) {
    if (!link.isForsaken()) {
      exchange.lost(frames.shard(), "the connection with " + link.peer() + " ended: " + why);
    }
  }
}
