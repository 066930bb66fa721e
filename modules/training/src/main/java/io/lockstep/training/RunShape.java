package io.lockstep.training;

import java.util.List;

/**
 * What the course of a run needs to know of its job.
 *
 * @param workerNodes nodes with workers that it starts with
 * @param shards shards of θ
 * @param steps steps of the run
 * @param evaluations those that have rows
 */
public record RunShape(int workerNodes, int shards, long steps, List<Evaluation> evaluations) {}
