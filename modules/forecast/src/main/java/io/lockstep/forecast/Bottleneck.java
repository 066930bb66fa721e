package io.lockstep.forecast;

import java.util.Map;

/**
 * What keeps steps from being faster.
 *
 * @param resource whose absence would save most; {@link Resource#COMPUTE} where that of no other
 *     would save {@value #LEAST_GAIN} of a step or more
 * @param gains the share of a step's time that would be saved if one resource alone took no time
 */
public record Bottleneck(Resource resource, Map<Resource, Double> gains) {

  /** Less is not worth a name. */
  public static final double LEAST_GAIN = 0.02;

  /** Keeps a copy. */
  public Bottleneck {
    gains = Map.copyOf(gains);
  }
}
