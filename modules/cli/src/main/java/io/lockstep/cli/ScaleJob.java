package io.lockstep.cli;

import io.lockstep.report.scale.ScaleCell;
import java.nio.file.Path;
import java.util.List;

/**
 * A run of a scaling experiment that is to be made.
 *
 * @param cell who computes, and how many rows
 * @param folder of the run
 * @param settings each {@code key=value}, over those of the configuration
 * @param until what ends it before its time; null for nothing
 */
record ScaleJob(ScaleCell cell, Path folder, List<String> settings, ScaleTarget until) {}
