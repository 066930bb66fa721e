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
 * not inlined is put on the heap. So operations take broadcast vectors where they might take
 * floats, which are a fifth more nodes: the longest loop, softplus, has to fit even where the
 * compiler makes one method of it and of all that is called around it.
 */
final class Vector512Functions {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;

  private Vector512Functions() {}

  static FloatVector exp(FloatVector x) {
    FloatVector rounded = rounded(x);
    FloatVector r = reduced(x, rounded.sub(broadcast(SPECIES, ElementaryFunctions.ROUNDER)));
    FloatVector q = expTail(r).fma(r, broadcast(SPECIES, 1f));
    FloatVector result = scaled(q.fma(r, broadcast(SPECIES, 1f)), rounded);
    result =
        result.blend(
            broadcast(SPECIES, 0f), x.compare(LT, broadcast(SPECIES, ElementaryFunctions.EXP_MIN)));
    return x.add(broadcast(SPECIES, Float.POSITIVE_INFINITY))
        .blend(result, x.compare(LE, broadcast(SPECIES, ElementaryFunctions.EXP_MAX)));
  }

  static FloatVector expMinusOneNegative(FloatVector x) {
    FloatVector rounded = rounded(x);
    FloatVector r = reduced(x, rounded.sub(broadcast(SPECIES, ElementaryFunctions.ROUNDER)));
    FloatVector p = r.mul(r).fma(expTail(r), r);
    FloatVector scale = scaled(broadcast(SPECIES, 1f), rounded);
    FloatVector result = scale.fma(p, scale.sub(broadcast(SPECIES, 1f)));
    return result.blend(-1f, x.compare(LT, broadcast(SPECIES, ElementaryFunctions.EXP_MIN)));
  }

  private static FloatVector rounded(FloatVector x) {
    return x.fma(
        broadcast(SPECIES, ElementaryFunctions.LOG2_E),
        broadcast(SPECIES, ElementaryFunctions.ROUNDER));
  }

  private static FloatVector reduced(FloatVector x, FloatVector n) {
    FloatVector high = n.fma(broadcast(SPECIES, -ElementaryFunctions.LN2_HIGH), x);
    return n.fma(broadcast(SPECIES, -ElementaryFunctions.LN2_LOW), high);
  }

  private static FloatVector expTail(FloatVector r) {
    FloatVector q =
        broadcast(SPECIES, ElementaryFunctions.EXP_4)
            .fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_3));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_2));
    q = q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_1));
    return q.fma(r, broadcast(SPECIES, ElementaryFunctions.EXP_0));
  }

  private static FloatVector scaled(FloatVector x, FloatVector rounded) {
    IntVector power = rounded.reinterpretAsInts().lanewise(LSHL, ElementaryFunctions.MANTISSA_BITS);
    return x.reinterpretAsInts().add(power).reinterpretAsFloats();
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
    FloatVector s = x.mul(x);
    FloatVector q = broadcast(SPECIES, ElementaryFunctions.TANH_4);
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_3));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_2));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_1));
    q = q.fma(s, broadcast(SPECIES, ElementaryFunctions.TANH_0));
    FloatVector small = q.mul(s).fma(x, x);
    FloatVector large =
        broadcast(SPECIES, 1f).sub(broadcast(SPECIES, 2f).div(exp(t.add(t)).add(1f)));
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

  static FloatVector gaussian(FloatVector z) {
    return exp(z.mul(-0.5f).mul(z));
  }

  static FloatVector normalCdf(FloatVector z, FloatVector gaussian) {
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
    FloatVector tail = q.mul(y).mul(gaussian);
    return broadcast(SPECIES, 1f).sub(tail).blend(tail, z.compare(LT, 0f));
  }

  static FloatVector logOfOnePlus(FloatVector u) {
    VectorMask<Float> halved = u.compare(GT, broadcast(SPECIES, ElementaryFunctions.ONE_THIRD));
    FloatVector f = u.blend(u.sub(broadcast(SPECIES, 1f)).mul(broadcast(SPECIES, 0.5f)), halved);
    return logOfMantissa(f, broadcast(SPECIES, 0f).blend(broadcast(SPECIES, 1f), halved));
  }
}
