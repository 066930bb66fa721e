package io.lockstep.config;

import io.lockstep.training.EarlyStopping;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.MicroBatches;
import java.time.Duration;
import java.util.Map;

/**
 * The keys {@code train.*}.
 *
 * @param epochs how often each row is seen
 * @param batch rows of a step over all workers
 * @param microBatches pieces of a step, at most {@code batch}
 * @param maxSteps steps after which the run ends; 0: after {@code epochs}
 * @param seed of weights, order of rows, dropout and random split
 * @param gradients the numbers that gradients are summed in
 * @param stopping what the losses on the validation rows decide
 * @param maxTime how long the run may take; zero: no limit
 * @param reportEvery steps between two reports
 */
public record TrainSettings(
    int epochs,
    int batch,
    int microBatches,
    long maxSteps,
    long seed,
    GradientFormat gradients,
    EarlyStopping stopping,
    Duration maxTime,
    int reportEvery) {

  static TrainSettings read(Section train) {
    int batch = train.count("batch");
    Section early = train.section("earlyStopping");
    int usual = MicroBatches.ofBatch(batch).count();
    return new TrainSettings(
        train.count("epochs"),
        batch,
        (int)
            train
                .wholeOrAuto(
                    "microBatches",
                    "from 1 to train.batch (" + batch + ")",
                    n -> n >= 1 && n <= batch)
                .orElse(usual),
        train.wholeAtLeast("maxSteps", 0),
        train.whole("seed"),
        train.choice("gradients", Choices.of(GradientFormat.values())),
        new EarlyStopping(
            (int) early.wholeBetween("patience", 0, Integer.MAX_VALUE),
            early.notNegative("minDelta"),
            train.choice("restoreBest", Choices.BOOLEAN)),
        train.duration("maxTime"),
        train.count("reportEvery"));
  }

  Map<String, Object> toMap() {
    return Map.of(
        "epochs", epochs,
        "batch", batch,
        "microBatches", microBatches,
        "maxSteps", maxSteps,
        "seed", seed,
        "gradients", Choices.nameOf(gradients),
        "earlyStopping", Map.of("patience", stopping.patience(), "minDelta", stopping.minDelta()),
        "restoreBest", stopping.restoreBest(),
        "maxTime", maxTime.toSeconds() + "s",
        "reportEvery", reportEvery);
  }
}
