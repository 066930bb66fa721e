package io.lockstep.benchmarks.forecast;

/**
 * What one run has shown.
 *
 * @param stepMs median time of a step
 * @param meanMs mean time of a step
 * @param steps that were measured
 * @param cores of this machine that were busy; 0 if that was not looked at
 */
record Measured(double stepMs, double meanMs, int steps, double cores) {

  /** From so many on, nodes wait for cores that machines of their own would have. */
  private static final double MOST_CORES_SHARE = 0.8;

  /** Whether emulated machines had the cores that they needed. */
  static boolean isValid(double cores) {
    return cores <= MOST_CORES_SHARE * Runtime.getRuntime().availableProcessors();
  }
}
