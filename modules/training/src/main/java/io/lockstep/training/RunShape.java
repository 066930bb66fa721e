package io.lockstep.training;

import java.util.List;

/**
 * What the course of a run needs to know of its job.
 *
 * @param workers workers that it starts with at least, over all nodes
 * @param shards shards of θ
 * @param steps steps of the run
 * @param evaluations those that have rows
 */
public record RunShape(int workers, int shards, long steps, List<Evaluation> evaluations) {}
