package io.lockstep.kernels;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarActivations} on vectors: line by line the same operations, so the same bits. One
 * method for each, without a switch: it is called from loops.
 */
final class Vector512Activations {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;

  private Vector512Activations() {}

  static FloatVector relu(FloatVector z) {
    return z.blend(FloatVector.zero(SPECIES), z.compare(LE, 0f));
  }

  static FloatVector leakyRelu(FloatVector z) {
    return z.mul(Activation.LEAKY_SLOPE).blend(z, z.compare(GT, 0f));
  }

  static FloatVector elu(FloatVector z) {
    return Vector512Functions.expMinusOneNegative(z).blend(z, z.compare(GT, 0f));
  }

  static FloatVector gelu(FloatVector z) {
    FloatVector tail = Vector512Functions.normalTail(z);
    tail = tail.mul(Vector512Functions.gaussian(z));
    FloatVector cdf = FloatVector.broadcast(SPECIES, 1f).sub(tail).blend(tail, z.compare(LT, 0f));
    return z.mul(cdf).blend(FloatVector.zero(SPECIES), cdf.compare(EQ, 0f));
  }

  static FloatVector silu(FloatVector z) {
    FloatVector s = Vector512Functions.sigmoid(z);
    return z.mul(s).blend(FloatVector.zero(SPECIES), s.compare(EQ, 0f));
  }

  static FloatVector sigmoidDerivative(FloatVector a) {
    return a.mul(FloatVector.broadcast(SPECIES, 1f).sub(a));
  }

  static FloatVector reluDerivative(FloatVector a) {
    return FloatVector.zero(SPECIES).blend(FloatVector.broadcast(SPECIES, 1f), a.compare(GT, 0f));
  }

  static FloatVector tanhDerivative(FloatVector a) {
    return a.neg().fma(a, FloatVector.broadcast(SPECIES, 1f));
  }

  static FloatVector leakyReluDerivative(FloatVector a) {
    return FloatVector.broadcast(SPECIES, Activation.LEAKY_SLOPE)
        .blend(FloatVector.broadcast(SPECIES, 1f), a.compare(GT, 0f));
  }

  static FloatVector eluDerivative(FloatVector a) {
    return a.add(1f).blend(FloatVector.broadcast(SPECIES, 1f), a.compare(GT, 0f));
  }

  static FloatVector geluDerivative(FloatVector z) {
    FloatVector tail = Vector512Functions.normalTail(z);
    FloatVector gaussian = Vector512Functions.gaussian(z);
    tail = tail.mul(gaussian);
    FloatVector cdf = FloatVector.broadcast(SPECIES, 1f).sub(tail).blend(tail, z.compare(LT, 0f));
    FloatVector density = gaussian.mul(ElementaryFunctions.NORMAL_DENSITY);
    return z.fma(density, cdf).blend(cdf, gaussian.compare(EQ, 0f));
  }

  static FloatVector siluDerivative(FloatVector z) {
    FloatVector s = Vector512Functions.sigmoid(z);
    FloatVector rest = FloatVector.broadcast(SPECIES, 1f).sub(s);
    VectorMask<Float> flat = rest.compare(EQ, 0f).or(s.compare(EQ, 0f));
    return s.fma(z.mul(rest).blend(FloatVector.zero(SPECIES), flat), s);
  }
}
