package io.lockstep.benchmarks.peers;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limits of one core, measured without any code of Lockstep: fused multiply-adds on registers
 * alone, and how fast arrays are read and written.
 *
 * <p>Requests: {@code fma SECONDS}, in GFLOP/s; {@code triad KB SECONDS} (a = b + s·c over three
 * arrays of so many kilobytes each) and {@code scale KB SECONDS} (a = s·b), in GB/s read and
 * written. A copy is no measure beside them: large ones are written past the caches, which a loop
 * that a program writes is not.
 */
public final class CoreProbe {

  /** As short as still tells whether a core is disturbed. */
  static final String QUICK = "fma 0.01";

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Chains of {@link #chains}: more than any core has multiply-adds under way. */
  private static final int CHAINS = 12;

  private static final int LENGTH = 20_000;
  private static final int WARM_UP = 2_000;

  /** Keeps what is computed alive. */
  private static volatile float sink;

  private CoreProbe() {}

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      sink = chains(LENGTH / 100);
    }
    fma(0.2);
    Serving.serve("ready", CoreProbe::answer);
  }

  private static double answer(String[] words) {
    double seconds = Double.parseDouble(words[words.length - 1]);
    return switch (words[0]) {
      case "fma" -> fma(seconds);
      case "triad" -> triad(floats(words[1]), seconds);
      case "scale" -> scale(floats(words[1]), seconds);
      default -> throw new IllegalArgumentException("probe: " + words[0]);
    };
  }

  private static int floats(String kilobytes) {
    return Integer.parseInt(kilobytes) * 1024 / Float.BYTES;
  }

  private static double fma(double seconds) {
    double each = Serving.secondsOf(() -> sink = chains(LENGTH), seconds);
    return 2e-9 * LENGTH * CHAINS * SPECIES.length() / each;
  }

  private static double triad(int length, double seconds) {
    float[] a = ones(length);
    float[] b = ones(length);
    float[] c = ones(length);
    return 12e-9 * length / Serving.secondsOf(() -> triad(a, b, c), seconds);
  }

  private static double scale(int length, double seconds) {
    float[] a = ones(length);
    float[] b = ones(length);
    return 8e-9 * length / Serving.secondsOf(() -> scale(a, b), seconds);
  }

  private static float[] ones(int length) {
    float[] array = new float[length];
    Arrays.fill(array, 1f);
    return array;
  }

  private static void triad(float[] a, float[] b, float[] c) {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + 0.5f * c[i];
    }
  }

  private static void scale(float[] a, float[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] = 0.5f * b[i];
    }
  }

  /** Twelve chains of {@code length} fused multiply-adds each, which no register leaves. */
  private static float chains(int length) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 1e-7f);
    FloatVector a0 = x;
    FloatVector a1 = x;
    FloatVector a2 = x;
    FloatVector a3 = x;
    FloatVector a4 = x;
    FloatVector a5 = x;
    FloatVector a6 = x;
    FloatVector a7 = x;
    FloatVector a8 = x;
    FloatVector a9 = x;
    FloatVector a10 = x;
    FloatVector a11 = x;
    for (int i = 0; i < length; i++) {
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
      a8 = a8.fma(x, y);
      a9 = a9.fma(x, y);
      a10 = a10.fma(x, y);
      a11 = a11.fma(x, y);
    }
    FloatVector low = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
    return low.add(a6).add(a7).add(a8).add(a9).add(a10).add(a11).lane(0);
  }
}
