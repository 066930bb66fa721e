package io.lockstep.cluster;

import io.lockstep.training.TrainingState;
import java.util.function.Supplier;

/**
 * What a run goes on from.
 *
 * @param version of the state
 * @param state brings it when the shards are to have it, by a thread that may wait: it may be
 *     large, and nobody keeps it
 */
public record Start(long version, Supplier<TrainingState> state) {}
