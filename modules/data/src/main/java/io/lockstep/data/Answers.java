package io.lockstep.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;

/** What a dataset's rows are to be mapped to: one class each, or numbers, or unknown. */
sealed interface Answers permits Answers.Labels, Answers.Targets, Answers.Unknown {

  int outputs();

  /** Adds the content: labels as little-endian int32, targets as little-endian float32. */
  void digest(MessageDigest digest);

  /** A class of {@code classNames} per row. */
  record Labels(int[] values, List<String> classNames) implements Answers {

    @Override
    public int outputs() {
      return classNames.size();
    }

    @Override
    public void digest(MessageDigest digest) {
      ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      buffer.asIntBuffer().put(values);
      digest.update(buffer);
    }
  }

  /** Row-major [rows][outputs] finite numbers. */
  record Targets(float[] values, int outputs) implements Answers {

    @Override
    public void digest(MessageDigest digest) {
      Features.digestFloats(values, digest);
    }
  }

  /** Nothing is known: rows to predict. */
  record Unknown() implements Answers {

    @Override
    public int outputs() {
      return 0;
    }

    @Override
    public void digest(MessageDigest digest) {
      // No content.
    }
  }
}
