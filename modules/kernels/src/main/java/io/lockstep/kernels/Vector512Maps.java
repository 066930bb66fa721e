package io.lockstep.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops y = f(x) over lengths that are multiples of the lanes.
 *
 * <p>Each function has a loop of its own: were the function a parameter of one loop, the JIT
 * compiler would not see through the call, and put every vector on the heap.
 */
final class Vector512Maps {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final int LANES = SPECIES.length();

  private Vector512Maps() {}

  static void exp(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Functions.exp(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void log(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Functions.log(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void tanh(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Functions.tanh(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void sigmoid(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Functions.sigmoid(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void erf(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Functions.erf(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void relu(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Activations.relu(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void leakyRelu(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Activations.leakyRelu(FloatVector.fromArray(SPECIES, x, xAt + i))
          .intoArray(y, yAt + i);
    }
  }

  static void elu(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Activations.elu(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void softplus(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Functions.softplus(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void gelu(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Activations.gelu(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  static void silu(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      Vector512Activations.silu(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
    }
  }
}
