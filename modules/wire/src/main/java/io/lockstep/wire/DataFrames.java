package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunIdentity;

/**
 * What both sides check of a frame after the handshake, against the run and the one shard that the
 * connection is about.
 */
record DataFrames(RunIdentity run, Buckets buckets, int shard) {

  private static final Evaluation[] EVALUATIONS = Evaluation.values();

  void checkRun(FrameHeader header, String peer) throws FrameException {
    if (header.run != run.runId()) {
      throw new FrameException.WrongRun(peer, "%016x".formatted(run.runId()), header.run);
    }
    if (header.configuration != run.configuration()) {
      throw new FrameException.WrongConfiguration(peer, run.configuration(), header.configuration);
    }
  }

  /** The first bucket of the shard. */
  int firstBucket() {
    return buckets.firstBucket(shard);
  }

  /** Number of the shard's buckets. */
  int bucketCount() {
    return buckets.firstBucket(shard + 1) - firstBucket();
  }

  /** Floats of the shard's largest bucket, which is its first; 0 without any. */
  int mostFloats() {
    return bucketCount() == 0 ? 0 : length(firstBucket());
  }

  /** Floats of a bucket. */
  int length(int bucket) {
    return buckets.to(bucket) - buckets.from(bucket);
  }

  /** Floats of the frame's bucket, which must be one of the shard's. */
  int floats(FrameHeader header, String peer) throws FrameException {
    checkBucket(header, peer);
    return length(header.bucket);
  }

  /** The frame's bucket must be one of the shard's. */
  void checkBucket(FrameHeader header, String peer) throws FrameException {
    int first = firstBucket();
    int end = buckets.firstBucket(shard + 1);
    if (header.bucket < first || header.bucket >= end) {
      throw new FrameException.Unexpected(
          peer, "bucket of " + header.type, "one in [" + first + ", " + end + ")", header.bucket);
    }
  }

  /** The evaluation that the frame is about. */
  static Evaluation evaluation(FrameHeader header, String peer) throws FrameException {
    if (header.bucket < 0 || header.bucket >= EVALUATIONS.length) {
      throw new FrameException.Unexpected(
          peer, "evaluation", "less than " + EVALUATIONS.length, header.bucket);
    }
    return EVALUATIONS[header.bucket];
  }

  /** The longest payload of a frame, whose floats are 32 bits wide at most. */
  int mostPayloadBytes() {
    return Math.max(
        Messages.TotalsCodec.MOST_BYTES, FloatBlock.PREFIX_BYTES + Float.BYTES * mostFloats());
  }
}
