package io.lockstep.kernels;

/**
 * Elementary functions of our own: fma polynomials and integer operations, so that every machine,
 * vector width and JIT tier gives the same bits. A library's functions, and the JDK's vector
 * operators, do not.
 *
 * <p>Errors, in units of the last place of the float result, against {@link StrictMath} in double,
 * are at most: exp 0.9, log 0.9, tanh 1.4, sigmoid 1.9, erf 1.2. Results below {@link
 * Float#MIN_NORMAL} are flushed to zero where a function decays (exp, sigmoid). NaN gives NaN, of
 * whatever payload.
 *
 * <p>Ranges are reduced as in Cody and Waite (1980); the coefficients are minimax fits in double,
 * rounded to float.
 */
public final class ElementaryFunctions {

  static final float LOG2_E = 1.44269504f;

  /**
   * ln 2 in two parts, the first with so few bits that n · LN2_HIGH is exact for every exponent n.
   */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  /** 1.5 · 2²³: adding it rounds to an integer, which then stands in the low bits. */
  static final float ROUNDER = 12582912f;

  static final int MANTISSA_BITS = 23;

  /** Above this, exp overflows. */
  static final float EXP_MAX = 88.72283f;

  /** Below this, exp is under MIN_NORMAL. */
  static final float EXP_MIN = -87.33654f;

  /** (exp r − 1 − r) / r² on [−½ ln 2, ½ ln 2]. */
  static final float EXP_0 = 0.5f;

  static final float EXP_1 = 0x1.555486p-3f;
  static final float EXP_2 = 0x1.555454p-5f;
  static final float EXP_3 = 0x1.124148p-7f;
  static final float EXP_4 = 0x1.6dbc64p-10f;

  /** Bits of 2/3: mantissas are taken from [2/3, 4/3). */
  static final int TWO_THIRDS = 0x3f2aaaab;

  static final float ONE_THIRD = 1f / 3f;

  /** (log(1 + f) − f + f²/2) / f³ on [−1/3, 1/3]. */
  static final float LOG_0 = 0x1.55550cp-2f;

  static final float LOG_1 = -0x1.fffe5ep-3f;
  static final float LOG_2 = 0x1.99ce42p-3f;
  static final float LOG_3 = -0x1.55b7e6p-3f;
  static final float LOG_4 = 0x1.1ef192p-3f;
  static final float LOG_5 = -0x1.f03c4ep-4f;
  static final float LOG_6 = 0x1.1df374p-3f;
  static final float LOG_7 = -0x1.0e2a38p-3f;

  /** Below this, tanh is a polynomial; above, it comes from exp. */
  static final float TANH_SMALL = 0.625f;

  /** (tanh x − x) / x³ in x². */
  static final float TANH_0 = -0x1.55552cp-2f;

  static final float TANH_1 = 0x1.1105a2p-3f;
  static final float TANH_2 = -0x1.b806a4p-5f;
  static final float TANH_3 = 0x1.50b82p-6f;
  static final float TANH_4 = -0x1.6f41eep-8f;

  /** Below this, erf is a polynomial; above, it comes from erfc. */
  static final float ERF_SMALL = 0.921875f;

  /** From here on, erf rounds to 1. */
  static final float ERF_ONE = 4f;

  /** erf(x) / x − 1 in x². */
  static final float ERF_0 = 0x1.06eba8p-3f;

  static final float ERF_1 = -0x1.812744p-2f;
  static final float ERF_2 = 0x1.ce2e1cp-4f;
  static final float ERF_3 = -0x1.b80ff2p-6f;
  static final float ERF_4 = 0x1.54d42ap-8f;
  static final float ERF_5 = -0x1.aaa2d6p-11f;
  static final float ERF_6 = 0x1.5e0628p-14f;

  /** −log erfc(t) on [0.92, 4]. */
  static final float ERFC_0 = -0x1.863ce2p-14f;

  static final float ERFC_1 = 0x1.21078ap+0f;
  static final float ERFC_2 = 0x1.44f088p-1f;
  static final float ERFC_3 = 0x1.b37ea6p-4f;
  static final float ERFC_4 = -0x1.7d2bbep-6f;
  static final float ERFC_5 = 0x1.8c9f52p-9f;
  static final float ERFC_6 = 0x1.b51586p-16f;
  static final float ERFC_7 = -0x1.8f11f8p-14f;
  static final float ERFC_8 = 0x1.182670p-16f;
  static final float ERFC_9 = -0x1.170360p-20f;

  /** exp(z²/2) Φ(−z) / y in y = 1 / (1 + 0.4 z), for z from 0 on. */
  static final float CDF_0 = 0x1.470ffap-3f;

  static final float CDF_1 = 0x1.42070cp-3f;
  static final float CDF_2 = 0x1.390c3p-3f;
  static final float CDF_3 = 0x1.34cdap-12f;
  static final float CDF_4 = 0x1.ddb1bcp-3f;
  static final float CDF_5 = -0x1.6f6746p-2f;
  static final float CDF_6 = 0x1.8cb3ecp-3f;
  static final float CDF_7 = -0x1.3952f2p-5f;

  static final float CDF_SLOPE = 0.4f;

  /** 1 / √(2π). */
  static final float NORMAL_DENSITY = 0.39894228f;

  private ElementaryFunctions() {}

  /** e to the power of x; 0 where the result is below MIN_NORMAL, infinite above 88.72283. */
  public static float exp(float x) {
    float rounded = Math.fma(x, LOG2_E, ROUNDER);
    float r = reduced(x, rounded - ROUNDER);
    float q = Math.fma(expTail(r), r, 1f);
    float result = scaled(Math.fma(q, r, 1f), rounded);
    result = x < EXP_MIN ? 0f : result;
    return x <= EXP_MAX ? result : x + Float.POSITIVE_INFINITY;
  }

  /** exp(x) − 1 without cancellation near 0, for x at most 0; −1 below −87.33654. */
  static float expMinusOneNegative(float x) {
    float rounded = Math.fma(x, LOG2_E, ROUNDER);
    float r = reduced(x, rounded - ROUNDER);
    float p = Math.fma(r * r, expTail(r), r);
    float scale = scaled(1f, rounded);
    float result = Math.fma(scale, p, scale - 1f);
    return x < EXP_MIN ? -1f : result;
  }

  /** x − n ln 2, in [−½ ln 2, ½ ln 2]. */
  private static float reduced(float x, float n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  /** (exp r − 1 − r) / r². */
  private static float expTail(float r) {
    float q = Math.fma(EXP_4, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    return Math.fma(q, r, EXP_0);
  }

  /**
   * x · 2ⁿ, n being what ROUNDER + n has in its low bits; without meaning where that is no normal
   * number.
   */
  private static float scaled(float x, float rounded) {
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(x) + (Float.floatToRawIntBits(rounded) << MANTISSA_BITS));
  }

  /** Natural logarithm: −∞ of ±0, NaN of negative x. */
  public static float log(float x) {
    boolean denormal = x < Float.MIN_NORMAL;
    float result = logOfNormal(denormal ? x * 0x1p24f : x, denormal ? -24f : 0f);
    result = x == 0f ? Float.NEGATIVE_INFINITY : result;
    result = x < 0f ? Float.NaN : result;
    return x < Float.POSITIVE_INFINITY ? result : x;
  }

  /** log x + n ln 2 for a normal x above 0. */
  private static float logOfNormal(float x, float n) {
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits - TWO_THIRDS) >> MANTISSA_BITS;
    return logOfMantissa(
        Float.intBitsToFloat(bits - (exponent << MANTISSA_BITS)) - 1f, n + exponent);
  }

  /** log(1 + f) + n ln 2 for |f| up to 1/3. */
  private static float logOfMantissa(float f, float n) {
    float q = Math.fma(LOG_7, f, LOG_6);
    q = Math.fma(q, f, LOG_5);
    q = Math.fma(q, f, LOG_4);
    q = Math.fma(q, f, LOG_3);
    q = Math.fma(q, f, LOG_2);
    q = Math.fma(q, f, LOG_1);
    q = Math.fma(q, f, LOG_0);
    float tail = Math.fma(n, LN2_LOW, (f * f) * Math.fma(q, f, -0.5f));
    return Math.fma(n, LN2_HIGH, f + tail);
  }

  /** Hyperbolic tangent. */
  public static float tanh(float x) {
    float t = Math.abs(x);
    float s = x * x;
    float q = Math.fma(TANH_4, s, TANH_3);
    q = Math.fma(q, s, TANH_2);
    q = Math.fma(q, s, TANH_1);
    q = Math.fma(q, s, TANH_0);
    float small = Math.fma(q * s, x, x);
    float large = Math.copySign(1f - 2f / (exp(t + t) + 1f), x);
    return t < TANH_SMALL ? small : large;
  }

  /**
   * 1 / (1 + exp(−x)); 0 below −87.33654. The last line puts right the rounding of 1 + z, which
   * matters for small z.
   */
  public static float sigmoid(float x) {
    float z = exp(-Math.abs(x));
    float w = 1f + z;
    float s = (x < 0f ? z : 1f) / w;
    return Math.fma(-s, z - (w - 1f), s);
  }

  /** Error function. */
  public static float erf(float x) {
    float t = Math.abs(x);
    float large = Math.copySign(1f - erfcLarge(t), x);
    return t < ERF_SMALL ? erfSmall(x) : large;
  }

  private static float erfSmall(float x) {
    float s = x * x;
    float q = Math.fma(ERF_6, s, ERF_5);
    q = Math.fma(q, s, ERF_4);
    q = Math.fma(q, s, ERF_3);
    q = Math.fma(q, s, ERF_2);
    q = Math.fma(q, s, ERF_1);
    q = Math.fma(q, s, ERF_0);
    return Math.fma(q, x, x);
  }

  /** erfc(t) for t from ERF_SMALL on; 0 from ERF_ONE on. */
  private static float erfcLarge(float t) {
    float g = Math.fma(ERFC_9, t, ERFC_8);
    g = Math.fma(g, t, ERFC_7);
    g = Math.fma(g, t, ERFC_6);
    g = Math.fma(g, t, ERFC_5);
    g = Math.fma(g, t, ERFC_4);
    g = Math.fma(g, t, ERFC_3);
    g = Math.fma(g, t, ERFC_2);
    g = Math.fma(g, t, ERFC_1);
    g = Math.fma(g, t, ERFC_0);
    return t >= ERF_ONE ? 0f : exp(-g);
  }

  /** exp(−z²/2). */
  static float gaussian(float z) {
    return exp((-0.5f * z) * z);
  }

  /**
   * Standard normal distribution function, with a relative error below 2e-6 also in the lower tail,
   * to −5.6.
   */
  static float normalCdf(float z, float gaussian) {
    float y = 1f / Math.fma(Math.abs(z), CDF_SLOPE, 1f);
    float q = Math.fma(CDF_7, y, CDF_6);
    q = Math.fma(q, y, CDF_5);
    q = Math.fma(q, y, CDF_4);
    q = Math.fma(q, y, CDF_3);
    q = Math.fma(q, y, CDF_2);
    q = Math.fma(q, y, CDF_1);
    q = Math.fma(q, y, CDF_0);
    float tail = (q * y) * gaussian;
    return z < 0f ? tail : 1f - tail;
  }

  /** log(1 + u) for u in [0, 1]: 1 + u is taken from [2/3, 4/3], without rounding it. */
  static float logOfOnePlus(float u) {
    boolean halved = u > ONE_THIRD;
    float f = halved ? (u - 1f) * 0.5f : u;
    return logOfMantissa(f, halved ? 1f : 0f);
  }
}
