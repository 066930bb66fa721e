package io.lockstep.training;

import io.lockstep.data.Dataset;
import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;

/** What {@link ReferenceTraining}s learn from: rows that depend on nothing but their position. */
final class ReferenceRows {

  /** Of each data set, those for validation included. */
  static final int COUNT = 30;

  /** Codes of {@link #coded}; one more occurs that is none of them. */
  static final int CODES = 4;

  private ReferenceRows() {}

  interface Target {
    /**
     * @param draw uniform from -2 to 2
     */
    float of(float draw);
  }

  static Dataset valued(int width, int outputs, Target target) {
    return valued(width, floats(width), outputs, target);
  }

  private static Dataset valued(int width, float[] features, int outputs, Target target) {
    float[] targets = new float[COUNT * outputs];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = target.of(between(-2, 2, 1, i));
    }
    return Dataset.ofFloats("reference", COUNT, width, features, targets, outputs);
  }

  static Dataset measured(int width, int outputs) {
    return valued(width, outputs, draw -> draw);
  }

  /** The first column holds codes: whole numbers. */
  static Dataset coded(int width, int outputs) {
    float[] features = floats(width);
    for (int row = 0; row < COUNT; row++) {
      features[row * width] = Long.remainderUnsigned(draw(5, row), CODES + 1);
    }
    return valued(width, features, outputs, draw -> draw);
  }

  static Dataset labelled(int width, int classes) {
    return Dataset.ofFloats("reference", COUNT, width, floats(width), labels(classes), classes);
  }

  static Dataset ofBytes(int width, int classes) {
    byte[] features = new byte[COUNT * width];
    for (int i = 0; i < features.length; i++) {
      features[i] = (byte) draw(2, i);
    }
    return Dataset.ofBytes("reference", COUNT, width, features, labels(classes), classes);
  }

  /** Wide enough to bring sigmoid and tanh to their ends. */
  private static float[] floats(int width) {
    float[] features = new float[COUNT * width];
    for (int i = 0; i < features.length; i++) {
      features[i] = between(-6, 6, 3, i);
    }
    return features;
  }

  private static int[] labels(int classes) {
    int[] labels = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      labels[i] = (int) Long.remainderUnsigned(draw(4, i), classes);
    }
    return labels;
  }

  private static float between(double low, double high, int array, int index) {
    return (float) (low + (high - low) * CounterRandom.uniform(draw(array, index)));
  }

  private static long draw(int array, int index) {
    return CounterRandom.bits(ReferenceSteps.SEED, Purpose.DIGITS, array, index);
  }
}
