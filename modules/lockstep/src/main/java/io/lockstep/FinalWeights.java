package io.lockstep;

import io.lockstep.model.RunSummary.Score;

/**
 * The weights that a run leaves, and what they are worth.
 *
 * @param version updates that they have had
 * @param best whether they were chosen for their loss on the validation rows
 * @param theta packed
 * @param validation null without such rows
 * @param test null without such rows
 */
record FinalWeights(long version, boolean best, float[] theta, Score validation, Score test) {}
