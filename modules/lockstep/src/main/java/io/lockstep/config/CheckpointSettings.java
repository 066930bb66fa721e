package io.lockstep.config;

import java.util.Map;

/**
 * The keys {@code checkpoint.*}.
 *
 * @param everySteps steps between two checkpoints; 0: not by their number
 * @param everyMinutes minutes between two checkpoints; 0: not by the time
 * @param keepLast how many of the newest are kept
 * @param keepBest whether the best on the validation rows is kept
 * @param dir where a second copy of each is kept; empty: nowhere
 */
public record CheckpointSettings(
    long everySteps, double everyMinutes, int keepLast, boolean keepBest, String dir) {

  static CheckpointSettings read(Section checkpoint) {
    return new CheckpointSettings(
        checkpoint.wholeAtLeast("everySteps", 0),
        checkpoint.notNegative("everyMinutes"),
        checkpoint.count("keepLast"),
        checkpoint.choice("keepBest", Choices.BOOLEAN),
        checkpoint.text("dir"));
  }

  Map<String, Object> toMap() {
    return Map.of(
        "everySteps", everySteps,
        "everyMinutes", everyMinutes,
        "keepLast", keepLast,
        "keepBest", keepBest,
        "dir", dir);
  }
}
