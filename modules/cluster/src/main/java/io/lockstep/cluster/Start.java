package io.lockstep.cluster;

import io.lockstep.training.TrainingState;
import java.util.function.Supplier;

/**
 * What a run goes on from.
 *
 * @param version of the state
 * @param state brings it when the shards are to have it, on a thread that may wait; it may be
 *     large, so what lies in files is read only then
 */
public record Start(long version, Supplier<TrainingState> state) {}
