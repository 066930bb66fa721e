package io.lockstep.forecast;

import java.util.List;

/**
 * What one pass does, in order: it computes, needs weights, has sums and gradients ready.
 *
 * @param leaves micro-batches that it takes at once
 * @param parts what it does
 */
public record PassScript(int leaves, List<Part> parts) {

  /** One thing that a pass does. */
  public sealed interface Part {}

  /** Computes for so long. */
  public record Compute(double nanos) implements Part {}

  /** Needs θ[from, to), packed, before it goes on. */
  public record Await(int from, int to) implements Part {}

  /** The sums of its node are final. */
  public record SumsReady() implements Part {}

  /** The gradient of θ[from, to), packed, is final. */
  public record Ready(int from, int to) implements Part {}

  /** All that it computes, if it never waits. */
  public double nanos() {
    return parts.stream()
        .mapToDouble(part -> part instanceof Compute(double nanos) ? nanos : 0)
        .sum();
  }
}
