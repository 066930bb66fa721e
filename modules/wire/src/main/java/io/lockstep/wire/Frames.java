package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.RunIdentity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Makes the frames of the protocol; thread-safe. Encoders are reused, as many as threads encode at
 * once. Each frame belongs to the caller.
 */
final class Frames {

  private static final int ENCODERS_KEPT = 64;

  private final ByteBufAllocator allocator;
  private final ArrayBlockingQueue<FrameEncoder> idle = new ArrayBlockingQueue<>(ENCODERS_KEPT);

  Frames(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** A frame of the handshake. */
  ByteBuf message(FrameType type, RunIdentity run, Object payload) {
    FrameEncoder encoder = borrow();
    try {
      encoder.begin(type, run.runId(), run.configuration());
      return encoder.message(payload);
    } finally {
      giveBack(encoder);
    }
  }

  /** The end of a connection that is no longer needed. */
  ByteBuf goodbye(RunIdentity run) {
    FrameEncoder encoder = borrow();
    try {
      begin(encoder, FrameType.GOODBYE, run);
      return encoder.nothing();
    } finally {
      giveBack(encoder);
    }
  }

  /** The sums of a node of a step. */
  ByteBuf sums(RunIdentity run, long step, int level, int index, int leaves, Sums sums) {
    FrameEncoder encoder = borrow();
    try {
      node(encoder, FrameType.SUMS, run, step, level, index, leaves);
      return encoder.message(sums);
    } finally {
      giveBack(encoder);
    }
  }

  /** The sums of a node of an evaluation. */
  ByteBuf evaluation(
      RunIdentity run,
      Evaluation evaluation,
      long version,
      int level,
      int index,
      int units,
      Sums sums) {
    FrameEncoder encoder = borrow();
    try {
      node(encoder, FrameType.EVALUATION, run, version, level, index, units).bucket =
          evaluation.ordinal();
      return encoder.message(sums);
    } finally {
      giveBack(encoder);
    }
  }

  /** One bucket of a node's gradient: {@code values[at, at + length)}. */
  ByteBuf gradient(
      RunIdentity run,
      long step,
      int bucket,
      int level,
      int index,
      int leaves,
      float[] values,
      int at,
      int length,
      GradientFormat format) {
    FrameEncoder encoder = borrow();
    try {
      node(encoder, FrameType.GRADIENT, run, step, level, index, leaves).bucket = bucket;
      return encoder.floats(values, at, length, format);
    } finally {
      giveBack(encoder);
    }
  }

  /** As {@link #gradient}, where the floats are in a slot of shared memory. */
  ByteBuf sharedGradient(
      RunIdentity run,
      long step,
      int bucket,
      int level,
      int index,
      int leaves,
      long ticket,
      int length,
      GradientFormat format) {
    FrameEncoder encoder = borrow();
    try {
      node(encoder, FrameType.GRADIENT, run, step, level, index, leaves).bucket = bucket;
      return encoder.shared(ticket, length, format);
    } finally {
      giveBack(encoder);
    }
  }

  /** One bucket of a version of θ: {@code theta[at, at + length)}. */
  ByteBuf weights(
      RunIdentity run, int bucket, long version, int plan, float[] theta, int at, int length) {
    FrameEncoder encoder = borrow();
    try {
      weights(encoder, run, bucket, version, plan);
      return encoder.floats(theta, at, length, GradientFormat.FLOAT32);
    } finally {
      giveBack(encoder);
    }
  }

  /** As {@link #weights}, where the floats are in a slot of shared memory. */
  ByteBuf sharedWeights(
      RunIdentity run, int bucket, long version, int plan, long ticket, int length) {
    FrameEncoder encoder = borrow();
    try {
      weights(encoder, run, bucket, version, plan);
      return encoder.shared(ticket, length, GradientFormat.FLOAT32);
    } finally {
      giveBack(encoder);
    }
  }

  private static void weights(
      FrameEncoder encoder, RunIdentity run, int bucket, long version, int plan) {
    FrameHeader header = begin(encoder, FrameType.WEIGHTS, run);
    header.bucket = bucket;
    header.step = version;
    header.plan = plan;
  }

  /** One bucket of the sum over a whole step: {@code values[at, at + length)}. */
  ByteBuf root(RunIdentity run, long step, int bucket, float[] values, int at, int length) {
    FrameEncoder encoder = borrow();
    try {
      FrameHeader header = begin(encoder, FrameType.ROOT, run);
      header.step = step;
      header.bucket = bucket;
      return encoder.floats(values, at, length, GradientFormat.FLOAT32);
    } finally {
      giveBack(encoder);
    }
  }

  /** The totals over all of θ that the update of {@code step} needs. */
  ByteBuf totals(RunIdentity run, long step, double[] totals) {
    FrameEncoder encoder = borrow();
    try {
      begin(encoder, FrameType.TOTALS, run).step = step;
      return encoder.totals(totals);
    } finally {
      giveBack(encoder);
    }
  }

  /** A standby has a version of a bucket. */
  ByteBuf committed(RunIdentity run, int bucket, long version) {
    FrameEncoder encoder = borrow();
    try {
      FrameHeader header = begin(encoder, FrameType.COMMITTED, run);
      header.step = version;
      header.bucket = bucket;
      return encoder.nothing();
    } finally {
      giveBack(encoder);
    }
  }

  /** The peer reads what this side has in its shared memory. */
  ByteBuf shared(RunIdentity run) {
    FrameEncoder encoder = borrow();
    try {
      begin(encoder, FrameType.SHARED, run);
      return encoder.nothing();
    } finally {
      giveBack(encoder);
    }
  }

  /** A step begins. */
  ByteBuf step(RunIdentity run, long version, int plan) {
    FrameEncoder encoder = borrow();
    try {
      FrameHeader header = begin(encoder, FrameType.STEP, run);
      header.step = version;
      header.plan = plan;
      return encoder.nothing();
    } finally {
      giveBack(encoder);
    }
  }

  /** An evaluation is complete. */
  ByteBuf evaluated(RunIdentity run, Evaluation evaluation, long version) {
    FrameEncoder encoder = borrow();
    try {
      FrameHeader header = begin(encoder, FrameType.EVALUATED, run);
      header.bucket = evaluation.ordinal();
      header.step = version;
      return encoder.nothing();
    } finally {
      giveBack(encoder);
    }
  }

  /** Asks for the snapshot of a version. */
  ByteBuf fetch(RunIdentity run, long version) {
    return ofVersion(FrameType.FETCH, run, version);
  }

  /** Asks for the weights alone of a version at which the shard stands. */
  ByteBuf fetchWeights(RunIdentity run, long version) {
    return ofVersion(FrameType.FETCH_WEIGHTS, run, version);
  }

  /** All of a shard's state of a version is there. */
  ByteBuf stateTaken(RunIdentity run, long version) {
    return ofVersion(FrameType.STATE_TAKEN, run, version);
  }

  private ByteBuf ofVersion(FrameType type, RunIdentity run, long version) {
    FrameEncoder encoder = borrow();
    try {
      begin(encoder, type, run).step = version;
      return encoder.nothing();
    } finally {
      giveBack(encoder);
    }
  }

  /** One bucket of an array of a shard's state: {@code values[at, at + length)}. */
  ByteBuf state(
      RunIdentity run, long version, int array, int bucket, float[] values, int at, int length) {
    FrameEncoder encoder = borrow();
    try {
      FrameHeader header = begin(encoder, FrameType.STATE, run);
      header.step = version;
      header.index = array;
      header.bucket = bucket;
      return encoder.floats(values, at, length, GradientFormat.FLOAT32);
    } finally {
      giveBack(encoder);
    }
  }

  private static FrameHeader begin(FrameEncoder encoder, FrameType type, RunIdentity run) {
    return encoder.begin(type, run.runId(), run.configuration());
  }

  private static FrameHeader node(
      FrameEncoder encoder,
      FrameType type,
      RunIdentity run,
      long step,
      int level,
      int index,
      int units) {
    FrameHeader header = begin(encoder, type, run);
    header.step = step;
    header.level = level;
    header.index = index;
    header.units = units;
    return header;
  }

  private FrameEncoder borrow() {
    FrameEncoder encoder = idle.poll();
    return encoder == null ? new FrameEncoder(allocator) : encoder;
  }

  private void giveBack(FrameEncoder encoder) {
    idle.offer(encoder);
  }
}
