package io.lockstep.training;

import java.util.List;

/**
 * What a shard still waits for: leaves of a step, or units of the evaluation of its version.
 *
 * @param step the one that is open
 * @param leaves number of its leaves, or units
 * @param missing those of which something has not arrived, in increasing order
 */
public record OpenStep(long step, int leaves, List<Integer> missing) {}
