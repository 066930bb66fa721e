package io.lockstep.training;

/**
 * What a standby needs to go on in place of its shard's server, so that no step begins under two
 * plans.
 *
 * @param begunVersion the newest step that any node has seen begin; -1 if none
 * @param begunPlan the plan of that step
 * @param activePlan the plan of the step that begins next
 * @param holdAt the version at which the run is to stand still; {@link Long#MAX_VALUE} if nowhere
 */
public record Promotion(long begunVersion, int begunPlan, int activePlan, long holdAt) {}
