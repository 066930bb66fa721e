package io.lockstep.cli;

import io.lockstep.model.Metrics;
import io.lockstep.report.scale.ScaleCell;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A run of a scaling experiment that is to be made.
 *
 * @param cell who computes, and how many rows
 * @param folder of the run
 * @param settings each {@code key=value}, over those of the configuration
 * @param until whether it is to end before its time, by its metrics since it was asked before: now
 *     and then, whether there are any or not; null for never
 */
record ScaleJob(
    ScaleCell cell, Path folder, List<String> settings, Predicate<List<Metrics>> until) {}
