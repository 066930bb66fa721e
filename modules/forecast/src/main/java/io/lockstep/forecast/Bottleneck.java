package io.lockstep.forecast;

import java.util.List;
import java.util.Map;

/**
 * What keeps steps from being faster.
 *
 * @param resources whose absence would save most: one; both links where together they save more
 *     than any one thing, and more than twice what either does, or where none alone would save
 *     {@value #LEAST_GAIN} of a step, but these two; several where none alone would save {@value
 *     #LEAST_GAIN} of a step or more, but these together; {@link Resource#COMPUTE} where they would
 *     not either
 * @param gain the share of a step's time that would be saved if they took no time
 * @param gains the same of each resource alone
 */
public record Bottleneck(List<Resource> resources, double gain, Map<Resource, Double> gains) {

  /** Less is not worth a name. */
  public static final double LEAST_GAIN = 0.02;

  /** Keeps copies. */
  public Bottleneck {
    resources = List.copyOf(resources);
    gains = Map.copyOf(gains);
  }

  /** Whether it is this one alone. */
  public boolean is(Resource resource) {
    return resources.equals(List.of(resource));
  }
}
