package io.lockstep.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ElementaryFunctions} on vectors: line by line the same operations, so the same bits.
 * Conditions become blends, and both sides of each are computed.
 *
 * <p>No vector is kept in a static field: a loop variable that starts from one stays an object on
 * the heap, in every round of the loop. Broadcasts cost nothing, since the compiler takes them out
 * of loops. They are the JDK's own, not a shorter name of ours: past 18,000 nodes the compiler
 * inlines nothing but the JDK's methods, and a vector that goes to or comes from a method that is
 * not inlined is put on the heap, for as long as the program runs. A loop over exp takes 10,000 of
 * them, and what calls the loop, all in one with it, has thousands before. So the exponential is
 * one method, although its lines stand in expMinusOneNegative once more, and those of the logarithm
 * in softplus; who needs the exponential calls nothing of ours after it; and operations take
 * broadcast vectors where they might take floats, which are a fifth more nodes.
 */
final class Vector512Functions {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;

  private Vector512Functions() {}

  static FloatVector exp(FloatVector x) {
    FloatVector rounded =
        x.fma(
            broadcast(SPECIES, ElementaryFunctions.LOG2_E),
            broadcast(SPECIES, ElementaryFunctions.ROUNDER));
    FloatVector n = rounded.sub(broadcast(SPECIES, ElementaryFunctions.ROUNDER));
    FloatVector r = n.fma(broadcast(SPECIES, -ElementaryFunctions.LN2_HIGH), x);
    r = n.fma(broadcast(SPECIES, -ElementaryFunctions.LN2_LOW), r);
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.EXP_4)
            .fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_3));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_2));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_1));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_0));
    q = q.fma(r, broadcast(SPECIES, 1f));
    q = q.fma(r, broadcast(SPECIES, 1f));
    IntVector power = rounded.reinterpretAsInts().lanewise(LSHL, ElementaryFunctions.MANTISSA_BITS);
    FloatVector result = q.reinterpretAsInts().add(power).reinterpretAsFloats();
    result =
        result.blend(
            broadcast(SPECIES, 0f), x.compare(LT, broadcast(SPECIES, ElementaryFunctions.EXP_MIN)));
    return x.add(broadcast(SPECIES, Float.POSITIVE_INFINITY))
        .blend(result, x.compare(LE, broadcast(SPECIES, ElementaryFunctions.EXP_MAX)));
  }

  static FloatVector expMinusOneNegative(FloatVector x) {
    FloatVector rounded =
        x.fma(
            broadcast(SPECIES, ElementaryFunctions.LOG2_E),
            broadcast(SPECIES, ElementaryFunctions.ROUNDER));
    FloatVector n = rounded.sub(broadcast(SPECIES, ElementaryFunctions.ROUNDER));
    FloatVector r = n.fma(broadcast(SPECIES, -ElementaryFunctions.LN2_HIGH), x);
    r = n.fma(broadcast(SPECIES, -ElementaryFunctions.LN2_LOW), r);
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.EXP_4)
            .fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_3));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_2));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_1));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_0));
    FloatVector p = r.mul(r).fma(q, r);
    IntVector power = rounded.reinterpretAsInts().lanewise(LSHL, ElementaryFunctions.MANTISSA_BITS);
    FloatVector scale = broadcast(SPECIES, 1f).reinterpretAsInts().add(power).reinterpretAsFloats();
    FloatVector result = scale.fma(p, scale.sub(broadcast(SPECIES, 1f)));
    return result.blend(-1f, x.compare(LT, ElementaryFunctions.EXP_MIN));
  }

  static FloatVector log(FloatVector x) {
    FloatVector normal = x.blend(x.mul(0x1p24f), x.compare(LT, Float.MIN_NORMAL));
    FloatVector n = broadcast(SPECIES, 0f).blend(-24f, x.compare(LT, Float.MIN_NORMAL));
    FloatVector result = logOfNormal(normal, n);
    result = result.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    result = result.blend(Float.NaN, x.compare(LT, 0f));
    return x.blend(result, x.compare(LT, Float.POSITIVE_INFINITY));
  }

  private static FloatVector logOfNormal(FloatVector x, FloatVector n) {
    IntVector bits = x.reinterpretAsInts();
    IntVector exponent =
        bits.sub(ElementaryFunctions.TWO_THIRDS).lanewise(ASHR, ElementaryFunctions.MANTISSA_BITS);
    IntVector mantissa = bits.sub(exponent.lanewise(LSHL, ElementaryFunctions.MANTISSA_BITS));
    FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
    return logOfMantissa(f, n.add((FloatVector) exponent.convert(I2F, 0)));
  }

  private static FloatVector logOfMantissa(FloatVector f, FloatVector n) {
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.LOG_7)
            .fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_6));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_5));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_4));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_3));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_2));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_1));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_0));
    FloatVector square = f.mul(f).mul(q.fma(f, broadcast(SPECIES, -0.5f)));
    FloatVector tail = n.fma(broadcast(SPECIES, ElementaryFunctions.LN2_LOW), square);
    return n.fma(broadcast(SPECIES, ElementaryFunctions.LN2_HIGH), f.add(tail));
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector t = x.abs();
    FloatVector e = exp(t.add(t));
    FloatVector large = broadcast(SPECIES, 1f).sub(broadcast(SPECIES, 2f).div(e.add(1f)));
    FloatVector s = x.mul(x);
    FloatVector q = broadcast(SPECIES, ElementaryFunctions.TANH_4);
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_3));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_2));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_1));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_0));
    FloatVector small = q.mul(s).fma(x, x);
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return large
        .reinterpretAsInts()
        .or(sign)
        .reinterpretAsFloats()
        .blend(small, t.compare(LT, ElementaryFunctions.TANH_SMALL));
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector z = exp(x.abs().neg());
    FloatVector w = z.add(1f);
    FloatVector s = broadcast(SPECIES, 1f).blend(z, x.compare(LT, 0f)).div(w);
    return s.neg().fma(z.sub(w.sub(1f)), s);
  }

  static FloatVector erf(FloatVector x) {
    FloatVector small = erfSmall(x);
    FloatVector t = x.abs();
    FloatVector large = broadcast(SPECIES, 1f).sub(erfcLarge(t));
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return large
        .reinterpretAsInts()
        .or(sign)
        .reinterpretAsFloats()
        .blend(small, t.compare(LT, ElementaryFunctions.ERF_SMALL));
  }

  private static FloatVector erfSmall(FloatVector x) {
    FloatVector s = x.mul(x);
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.ERF_6)
            .fma(s, broadcast(SPECIES, ElementaryFunctions.ERF_5));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.ERF_4));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.ERF_3));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.ERF_2));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.ERF_1));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.ERF_0));
    return q.fma(x, x);
  }

  private static FloatVector erfcLarge(FloatVector t) {
    FloatVector g = broadcast(SPECIES, ElementaryFunctions.ERFC_9);
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_8));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_7));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_6));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_5));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_4));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_3));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_2));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_1));
    g = g.fma(t, broadcast(SPECIES, ElementaryFunctions.ERFC_0));
    return exp(g.neg()).blend(broadcast(SPECIES, 0f), t.compare(GE, ElementaryFunctions.ERF_ONE));
  }

  /** exp(−z²/2). */
  static FloatVector gaussian(FloatVector z) {
    return exp(z.mul(broadcast(SPECIES, -0.5f)).mul(z));
  }

  /** Φ(−|z|), but for the factor exp(−z²/2). */
  static FloatVector normalTail(FloatVector z) {
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector y = one.div(z.abs().fma(broadcast(SPECIES, ElementaryFunctions.CDF_SLOPE), one));
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.CDF_7)
            .fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_6));
    q = q.fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_5));
    q = q.fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_4));
    q = q.fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_3));
    q = q.fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_2));
    q = q.fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_1));
    q = q.fma(y, broadcast(SPECIES, ElementaryFunctions.CDF_0));
    return q.mul(y);
  }

  /** log(1 + exp(z)), without overflow. */
  static FloatVector softplus(FloatVector z) {
    FloatVector u = exp(z.abs().neg());
    // The logarithm of 1 + u, as in logOfMantissa.
    VectorMask<Float> halved = u.compare(GT, broadcast(SPECIES, ElementaryFunctions.ONE_THIRD));
    FloatVector f = u.blend(u.sub(broadcast(SPECIES, 1f)).mul(broadcast(SPECIES, 0.5f)), halved);
    FloatVector n = broadcast(SPECIES, 0f).blend(broadcast(SPECIES, 1f), halved);
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.LOG_7)
            .fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_6));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_5));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_4));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_3));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_2));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_1));
    q = q.fma(f, broadcast(SPECIES, ElementaryFunctions.LOG_0));
    FloatVector square = f.mul(f).mul(q.fma(f, broadcast(SPECIES, -0.5f)));
    FloatVector tail = n.fma(broadcast(SPECIES, ElementaryFunctions.LN2_LOW), square);
    FloatVector log = n.fma(broadcast(SPECIES, ElementaryFunctions.LN2_HIGH), f.add(tail));
    return broadcast(SPECIES, 0f).blend(z, z.compare(GT, broadcast(SPECIES, 0f))).add(log);
  }
}
