package io.lockstep.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops dZ = dA · h'(x) over lengths that are multiples of the lanes; x is what h' is a function
 * of, the output or z.
 *
 * <p>Each function has a loop of its own: were the function a parameter of one loop, the JIT
 * compiler would not see through the call, and put every vector on the heap.
 */
final class Vector512Gradients {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final int LANES = SPECIES.length();

  private Vector512Gradients() {}

  static void sigmoid(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.sigmoidDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void relu(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.reluDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void tanh(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.tanhDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void leakyRelu(
      float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.leakyReluDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void elu(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.eluDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void softplus(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope = Vector512Functions.sigmoid(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void gelu(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.geluDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }

  static void silu(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector slope =
          Vector512Activations.siluDerivative(FloatVector.fromArray(SPECIES, x, xAt + i));
      FloatVector.fromArray(SPECIES, dA, dAAt + i).mul(slope).intoArray(dZ, dZAt + i);
    }
  }
}
