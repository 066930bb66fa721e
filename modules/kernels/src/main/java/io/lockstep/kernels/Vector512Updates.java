package io.lockstep.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Optimizer updates on vectors of 512 bits; what is left over of a length is given to the scalar
 * twin.
 *
 * <p>Whether all new weights are finite is found as the scalar twin finds it: next · 0 summed is 0,
 * or else NaN.
 */
final class Vector512Updates implements Updates {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final int LANES = SPECIES.length();
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
  private static final int CHAINS_AT_ONCE = DOUBLES.length();

  /** As many floats as {@link #DOUBLES} has lanes. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

  private static final VectorShuffle<Double> NEIGHBOUR = neighbour(1);
  private static final VectorShuffle<Double> NEIGHBOUR_PAIR = neighbour(2);
  private static final VectorShuffle<Double> NEIGHBOUR_FOUR = neighbour(4);

  private static VectorShuffle<Double> neighbour(int distance) {
    return VectorShuffle.fromOp(DOUBLES, lane -> (lane ^ distance) % CHAINS_AT_ONCE);
  }

  @Override
  public boolean sgd(Range range, float rate) {
    int whole = SPECIES.loopBound(range.length);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector step = gradient(range, i, old);
      FloatVector next = flushed(step.fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.sgd(range, whole, rate) & isZero(finite);
  }

  @Override
  public boolean momentum(Range range, float rate, float momentum, boolean nesterov) {
    return nesterov ? nesterov(range, rate, momentum) : heavyBall(range, rate, momentum);
  }

  private static boolean heavyBall(Range range, float rate, float momentum) {
    int whole = SPECIES.loopBound(range.length);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector v = flushed(state(range.state1, range, i).fma(broadcast(SPECIES, momentum), g));
      v.intoArray(range.state1, range.stateAt + i);
      FloatVector next = flushed(v.fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.momentum(range, whole, rate, momentum, false) & isZero(finite);
  }

  private static boolean nesterov(Range range, float rate, float momentum) {
    int whole = SPECIES.loopBound(range.length);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector v = flushed(state(range.state1, range, i).fma(broadcast(SPECIES, momentum), g));
      v.intoArray(range.state1, range.stateAt + i);
      FloatVector next =
          flushed(v.fma(broadcast(SPECIES, momentum), g).fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.momentum(range, whole, rate, momentum, true) & isZero(finite);
  }

  @Override
  public boolean rmsprop(Range range, float rate, double rho, float epsilon, float momentum) {
    return momentum > 0f
        ? rmspropWithMomentum(range, rate, rho, epsilon, momentum)
        : rmspropPlain(range, rate, rho, epsilon);
  }

  private static boolean rmspropPlain(Range range, float rate, double rho, float epsilon) {
    int whole = SPECIES.loopBound(range.length);
    float kept = (float) rho;
    float fresh = (float) (1 - rho);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector s =
          flushed(state(range.state1, range, i).fma(broadcast(SPECIES, kept), g.mul(g).mul(fresh)));
      s.intoArray(range.state1, range.stateAt + i);
      FloatVector step = g.div(s.sqrt().add(epsilon));
      FloatVector next = flushed(step.fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.rmsprop(range, whole, rate, rho, epsilon, 0f) & isZero(finite);
  }

  private static boolean rmspropWithMomentum(
      Range range, float rate, double rho, float epsilon, float momentum) {
    int whole = SPECIES.loopBound(range.length);
    float kept = (float) rho;
    float fresh = (float) (1 - rho);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector s =
          flushed(state(range.state1, range, i).fma(broadcast(SPECIES, kept), g.mul(g).mul(fresh)));
      s.intoArray(range.state1, range.stateAt + i);
      FloatVector u = g.div(s.sqrt().add(epsilon));
      FloatVector v = flushed(state(range.state2, range, i).fma(broadcast(SPECIES, momentum), u));
      v.intoArray(range.state2, range.stateAt + i);
      FloatVector next = flushed(v.fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.rmsprop(range, whole, rate, rho, epsilon, momentum) & isZero(finite);
  }

  @Override
  public boolean adam(
      Range range,
      float rateOverCorrection1,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon,
      float decoupledDecay) {
    int whole = SPECIES.loopBound(range.length);
    float kept1 = (float) beta1;
    float fresh1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float fresh2 = (float) (1 - beta2);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector m =
          flushed(state(range.state1, range, i).fma(broadcast(SPECIES, kept1), g.mul(fresh1)));
      FloatVector s =
          flushed(
              state(range.state2, range, i).fma(broadcast(SPECIES, kept2), g.mul(g).mul(fresh2)));
      m.intoArray(range.state1, range.stateAt + i);
      s.intoArray(range.state2, range.stateAt + i);
      FloatVector step =
          m.div(
              s.sqrt()
                  .fma(broadcast(SPECIES, inverseRootCorrection2), broadcast(SPECIES, epsilon)));
      FloatVector shrunk = old.fma(broadcast(SPECIES, -decoupledDecay), old);
      FloatVector next = flushed(step.fma(broadcast(SPECIES, -rateOverCorrection1), shrunk));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.adam(
            range,
            whole,
            rateOverCorrection1,
            inverseRootCorrection2,
            beta1,
            beta2,
            epsilon,
            decoupledDecay)
        & isZero(finite);
  }

  @Override
  public void clip(Range range, float limit) {
    int whole = SPECIES.loopBound(range.length);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector g = FloatVector.fromArray(SPECIES, range.gradient, range.gradientAt + i);
      FloatVector within = g.blend(limit, g.compare(GT, limit));
      within = within.blend(-limit, g.compare(LT, -limit));
      g.blend(within, g.mul(0f).compare(EQ, 0f)).intoArray(range.gradient, range.gradientAt + i);
    }
    ScalarUpdates.clip(range, whole, limit);
  }

  @Override
  public void shrink(Range range, float amount) {
    int whole = SPECIES.loopBound(range.length);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector weight = FloatVector.fromArray(SPECIES, range.next, range.nextAt + i);
      FloatVector size = weight.abs().sub(amount);
      FloatVector signed = size.blend(size.neg(), weight.compare(LT, 0f));
      signed
          .blend(FloatVector.zero(SPECIES), size.compare(LT, Float.MIN_NORMAL))
          .intoArray(range.next, range.nextAt + i);
    }
    ScalarUpdates.shrink(range, whole, amount);
  }

  @Override
  public boolean adagrad(Range range, float rate, float epsilon) {
    int whole = SPECIES.loopBound(range.length);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector s = flushed(g.fma(g, state(range.state1, range, i)));
      s.intoArray(range.state1, range.stateAt + i);
      FloatVector step = g.div(s.sqrt().add(epsilon));
      FloatVector next = flushed(step.fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.adagrad(range, whole, rate, epsilon) & isZero(finite);
  }

  @Override
  public boolean adadelta(Range range, float rate, double rho, float epsilon) {
    int whole = SPECIES.loopBound(range.length);
    float kept = (float) rho;
    float fresh = (float) (1 - rho);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector s =
          flushed(state(range.state1, range, i).fma(broadcast(SPECIES, kept), g.mul(g).mul(fresh)));
      FloatVector d = state(range.state2, range, i);
      FloatVector u = d.add(epsilon).sqrt().div(s.add(epsilon).sqrt()).mul(g);
      s.intoArray(range.state1, range.stateAt + i);
      flushed(d.fma(broadcast(SPECIES, kept), u.mul(u).mul(fresh)))
          .intoArray(range.state2, range.stateAt + i);
      FloatVector next = flushed(u.fma(broadcast(SPECIES, -rate), old));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.adadelta(range, whole, rate, rho, epsilon) & isZero(finite);
  }

  @Override
  public boolean nadam(
      Range range,
      float gradientRate,
      float momentRate,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon) {
    int whole = SPECIES.loopBound(range.length);
    float kept1 = (float) beta1;
    float fresh1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float fresh2 = (float) (1 - beta2);
    FloatVector finite = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, range.theta, range.thetaAt + i);
      FloatVector g = gradient(range, i, old);
      FloatVector m =
          flushed(state(range.state1, range, i).fma(broadcast(SPECIES, kept1), g.mul(fresh1)));
      FloatVector s =
          flushed(
              state(range.state2, range, i).fma(broadcast(SPECIES, kept2), g.mul(g).mul(fresh2)));
      m.intoArray(range.state1, range.stateAt + i);
      s.intoArray(range.state2, range.stateAt + i);
      FloatVector direction = m.fma(broadcast(SPECIES, momentRate), g.mul(gradientRate));
      FloatVector step =
          direction.div(
              s.sqrt()
                  .fma(broadcast(SPECIES, inverseRootCorrection2), broadcast(SPECIES, epsilon)));
      FloatVector next = flushed(old.sub(step));
      next.intoArray(range.next, range.nextAt + i);
      finite = next.fma(FloatVector.zero(SPECIES), finite);
    }
    return ScalarUpdates.nadam(
            range, whole, gradientRate, momentRate, inverseRootCorrection2, beta1, beta2, epsilon)
        & isZero(finite);
  }

  @Override
  public double dot(float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = length - length % CHAINS;
    double sum = chains(x, xAt, y, yAt, whole, CHAINS);
    return ScalarUpdates.addRest(sum, x, xAt, y, yAt, whole, length);
  }

  /** As many chains as there are lanes at a time: what they read is in the nearest cache. */
  private static double chains(float[] x, int xAt, float[] y, int yAt, int whole, int chains) {
    if (chains == CHAINS_AT_ONCE) {
      return chainsAtOnce(x, xAt, y, yAt, whole);
    }
    int half = chains / 2;
    return chains(x, xAt, y, yAt, whole, half) + chains(x, xAt + half, y, yAt + half, whole, half);
  }

  /** The sum over the lanes is written out here, since a method of its own would take a vector. */
  private static double chainsAtOnce(float[] x, int xAt, float[] y, int yAt, int whole) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (int i = 0; i < whole; i += CHAINS) {
      DoubleVector left =
          (DoubleVector) FloatVector.fromArray(HALF, x, xAt + i).convertShape(F2D, DOUBLES, 0);
      DoubleVector right =
          (DoubleVector) FloatVector.fromArray(HALF, y, yAt + i).convertShape(F2D, DOUBLES, 0);
      sum = left.fma(right, sum);
    }
    sum = sum.add(sum.rearrange(NEIGHBOUR));
    if (CHAINS_AT_ONCE > 2) {
      sum = sum.add(sum.rearrange(NEIGHBOUR_PAIR));
    }
    if (CHAINS_AT_ONCE > 4) {
      sum = sum.add(sum.rearrange(NEIGHBOUR_FOUR));
    }
    return sum.lane(0);
  }

  private static FloatVector gradient(Range range, int i, FloatVector theta) {
    FloatVector g =
        FloatVector.fromArray(SPECIES, range.gradient, range.gradientAt + i).mul(range.scale);
    return theta.fma(broadcast(SPECIES, range.decay), g);
  }

  private static FloatVector state(float[] state, Range range, int i) {
    return FloatVector.fromArray(SPECIES, state, range.stateAt + i);
  }

  private static FloatVector flushed(FloatVector x) {
    return x.blend(FloatVector.zero(SPECIES), x.abs().compare(LT, Float.MIN_NORMAL));
  }

  private static boolean isZero(FloatVector finite) {
    return finite.compare(EQ, 0f).allTrue();
  }
}
