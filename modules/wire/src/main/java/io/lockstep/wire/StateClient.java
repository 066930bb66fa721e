package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.TrainingState;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

/**
 * The end of a connection with one server at whoever keeps the run's checkpoints: fetches the
 * shard's part of a state, or gives it.
 *
 * <p>Belongs to the connection's event loop.
 */
final class StateClient implements FrameHandler {

  private final Link link;
  private final DataFrames data;
  private final Frames frames;
  private final TrainingState state;
  private final StateTransfer.What what;
  private final CompletableFuture<Void> done;
  private final int first;
  private final int bucketCount;
  private final BitSet received = new BitSet();

  /**
   * @param state filled, or given
   * @param what of it travels, and which way
   * @param done completed when all is here, or there
   */
  StateClient(
      Link link,
      DataFrames data,
      Frames frames,
      TrainingState state,
      StateTransfer.What what,
      CompletableFuture<Void> done) {
    this.link = link;
    this.data = data;
    this.frames = frames;
    this.state = state;
    this.what = what;
    this.done = done;
    this.first = data.buckets().firstBucket(data.shard());
    this.bucketCount = data.buckets().firstBucket(data.shard() + 1) - first;
  }

  private int frameCount() {
    return bucketCount * state.arrays().length;
  }

  /** The server has let this end in. */
  void begin() {
    link.admit("server " + data.shard(), this, data.mostPayloadBytes());
    switch (what) {
      case SNAPSHOT -> ask(frames.fetch(data.run(), state.version()));
      case WEIGHTS -> ask(frames.fetchWeights(data.run(), state.version()));
      case START -> {
        StateQueue queue = new StateQueue(link, frameCount(), this::frame);
        link.outbox(queue);
        queue.wake();
      }
    }
  }

  private void ask(ByteBuf request) {
    link.write(request);
    link.flush();
  }

  /** The frames that the server answers with. */
  private FrameType answer() {
    return what == StateTransfer.What.START ? FrameType.STATE_TAKEN : FrameType.STATE;
  }

  private ByteBuf frame(int number) {
    Buckets buckets = data.buckets();
    int array = number / bucketCount;
    int bucket = first + number % bucketCount;
    int at = buckets.from(bucket);
    int length = buckets.to(bucket) - at;
    float[] values = state.arrays()[array];
    return frames.state(data.run(), state.version(), array, bucket, values, at, length);
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    data.checkRun(header, link.peer());
    boolean fits =
        header.type == FrameType.GOODBYE
            || header.step == state.version() && header.type == answer();
    if (!fits) {
      throw new FrameException.Unexpected(
          link.peer(),
          "frame of a server",
          answer() + " of " + state.version(),
          header.type + " of " + header.step);
    }
    if (header.type == FrameType.STATE) {
      checkArray(header);
      expected.set(null, 0, data.floats(header, link.peer()), GradientFormat.FLOAT32);
    }
  }

  private void checkArray(FrameHeader header) throws FrameException {
    if (header.index < 0 || header.index >= state.arrays().length) {
      throw new FrameException.Unexpected(
          link.peer(), "array of STATE", "less than " + state.arrays().length, header.index);
    }
  }

  @Override
  public void open(FrameHeader header, FloatBlock target) {
    target.values = state.arrays()[header.index];
    target.at = data.buckets().from(header.bucket);
  }

  @Override
  public void floats(FrameHeader header) {
    received.set(header.index * bucketCount + header.bucket - first);
    if (received.cardinality() == frameCount()) {
      done.complete(null);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) {
    if (header.type == FrameType.STATE_TAKEN) {
      done.complete(null);
    } else {
      link.expectEnd();
    }
  }

  @Override
  public void closed(String why) {
    done.completeExceptionally(new IOException(why));
  }
}
