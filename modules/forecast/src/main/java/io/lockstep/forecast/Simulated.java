package io.lockstep.forecast;

import io.lockstep.model.StepParts;
import java.util.Map;

/**
 * How steps went in a simulation, once they are steady.
 *
 * @param steps that were looked at
 * @param stepNanos of a step, on average
 * @param parts of a step, in nanoseconds: the same as in the {@code times} lines of a run's metrics
 * @param utilization how much of each resource is used, 0 to 1, of the busiest machine; of those
 *     that have one
 * @param events that the simulation dealt with
 */
public record Simulated(
    long steps,
    double stepNanos,
    StepParts parts,
    Map<Resource, Double> utilization,
    long events) {}
