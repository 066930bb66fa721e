package io.lockstep.forecast.profile;

import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.PassScript.Compute;
import io.lockstep.forecast.PassScript.Part;
import io.lockstep.training.Median;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Many passes over as many leaves: what they have in common is a script. */
final class RecordedPasses {

  private final int leaves;
  private final List<long[]> passes = new ArrayList<>();
  private List<Part> calls = List.of();

  RecordedPasses(int leaves) {
    this.leaves = leaves;
  }

  int leaves() {
    return leaves;
  }

  /** How many there are. */
  int size() {
    return passes.size();
  }

  /**
   * Adds a pass.
   *
   * @param order what it called for
   * @param nanos before each of the calls, and after the last
   * @throws IllegalStateException if it called for something else than the passes before
   */
  void add(List<Part> order, long[] nanos) {
    if (passes.isEmpty()) {
      calls = order;
    } else if (!calls.equals(order)) {
      throw new IllegalStateException(
          "pass over %d leaves: expected the calls of the pass before, %s, found %s"
              .formatted(leaves, calls, order));
    }
    passes.add(nanos);
  }

  /**
   * The calls with, between two of them, the median of the passes; scaled so that all together is
   * the median of a whole pass.
   */
  PassScript script() {
    double[] segments = new double[calls.size() + 1];
    for (int i = 0; i < segments.length; i++) {
      int segment = i;
      segments[i] = Median.of(passes.stream().mapToDouble(pass -> (double) pass[segment]));
    }
    double whole =
        Median.of(passes.stream().mapToDouble(pass -> (double) Arrays.stream(pass).sum()));
    double sum = Arrays.stream(segments).sum();
    return new PassScript(leaves, parts(segments, sum > 0 ? whole / sum : 1));
  }

  private List<Part> parts(double[] segments, double scale) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < segments.length; i++) {
      if (segments[i] > 0) {
        parts.add(new Compute(segments[i] * scale));
      }
      if (i < calls.size()) {
        parts.add(calls.get(i));
      }
    }
    return List.copyOf(parts);
  }
}
