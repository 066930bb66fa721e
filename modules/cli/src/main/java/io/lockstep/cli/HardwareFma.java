package io.lockstep.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * Whether this JVM computes {@link Math#fma(float, float, float)} by the CPU's instruction. Every
 * product of a network is made of it; without the instruction Java takes big decimals, with the
 * same bits, but a thousand times more slowly.
 */
final class HardwareFma {

  private static final String OPTION = "UseFMA";

  /** Interpreted, the instruction takes 20 ns and big decimals 2,500 ns (Xeon, JDK 25). */
  private static final long SLOW_NANOS = 400;

  private static final int CALLS = 500;
  private static final int ROUNDS = 5;

  private HardwareFma() {}

  /** Asks the JVM; one that does not know the question is timed. */
  static boolean present() {
    return ofOption().orElseGet(() -> !slow(fastestCallNanos()));
  }

  private static Optional<Boolean> ofOption() {
    try {
      HotSpotDiagnosticMXBean jvm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return Optional.ofNullable(jvm)
          .map(bean -> Boolean.parseBoolean(bean.getVMOption(OPTION).getValue()));
    } catch (IllegalArgumentException noSuchOption) {
      return Optional.empty();
    }
  }

  static boolean slow(double callNanos) {
    return callNanos > SLOW_NANOS;
  }

  /** Nanoseconds of a call in the fastest round: the first ones also load classes. */
  static double fastestCallNanos() {
    double fastest = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      fastest = Math.min(fastest, callNanos());
    }
    return fastest;
  }

  private static double callNanos() {
    float sum = 1f;
    long start = System.nanoTime();
    for (int call = 0; call < CALLS; call++) {
      sum = Math.fma(sum, 0.999f, 0.1f);
    }
    long taken = System.nanoTime() - start;
    // The sum never is NaN; but only if it is looked at, the loop must be computed.
    return Float.isNaN(sum) ? Double.NaN : taken / (double) CALLS;
  }
}
