package io.lockstep.forecast;

/**
 * What it costs to add gradients and to update weights, for each float.
 *
 * @param addNanos to add one array to another, as nodes of the reduction tree are
 * @param roundNanos to round to bfloat16
 * @param updateNanos of the configured optimizer, weights to new weights
 */
public record AggregationCosts(double addNanos, double roundNanos, double updateNanos) {}
