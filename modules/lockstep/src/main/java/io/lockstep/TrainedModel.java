package io.lockstep;

import io.lockstep.model.RunSummary;

/**
 * What a run leaves.
 *
 * @param summary what came out, and what it ran on
 * @param model predicts with the last weights
 */
public record TrainedModel(RunSummary summary, Model model) {}
