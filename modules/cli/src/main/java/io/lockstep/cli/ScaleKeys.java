package io.lockstep.cli;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a scaling experiment sets in all of its runs, each {@code key=value}, whatever the
 * configuration says; so users are not to set it. Stateless.
 */
final class ScaleKeys {

  /** Of a run: so many that those with an evaluation between them, which do not count, are few. */
  private static final long REPORTS = 240;

  /** Of an epoch, where its length is known: with fewer, most would have an evaluation in them. */
  private static final long REPORTS_OF_EPOCH = 4;

  /** Options say what they are in each cell. */
  private static final List<String> VARIED =
      List.of("cluster.workers", "cluster.servers", "train.batch");

  /** Nothing is saved while speed is measured, and nothing but its length ends a run. */
  static final List<String> OF_ALL =
      List.of(
          "checkpoint.everySteps=0",
          "checkpoint.everyMinutes=0",
          "train.earlyStopping.patience=0",
          "train.restoreBest=false");

  private ScaleKeys() {}

  /** So many steps, however many epochs they are. */
  static List<String> ofSteps(long steps) {
    return List.of(
        "train.epochs=1000000",
        "train.maxTime=0",
        "train.maxSteps=" + steps,
        reports(steps / REPORTS));
  }

  /** Until it is ended, with a report of each step. */
  static List<String> ofPilot() {
    return List.of(
        "train.epochs=1000000", "train.maxTime=0", "train.maxSteps=0", "train.reportEvery=1");
  }

  /** The epochs of the configuration. */
  static List<String> ofAllEpochs() {
    return List.of("train.maxTime=0", "train.maxSteps=0");
  }

  /** So many epochs, which are so many steps. */
  static List<String> ofEpochs(long epochs, long steps) {
    long every = Math.min(steps / REPORTS, steps / epochs / REPORTS_OF_EPOCH);
    return List.of("train.epochs=" + epochs, "train.maxTime=0", "train.maxSteps=0", reports(every));
  }

  private static String reports(long every) {
    return "train.reportEvery=" + Math.max(1, every);
  }

  /** The keys that are set, so that values of the user's would be lost. */
  static Set<String> taken(ScaleLength length) {
    Stream<String> ofLength =
        switch (length) {
          case ScaleLength.Steps _, ScaleLength.Seconds _ -> ofSteps(1).stream();
          case ScaleLength.Until _ -> // Epochs say how many there may be.
              ofEpochs(1, 1).stream().filter(setting -> !keyOf(setting).equals("train.epochs"));
        };
    return Stream.of(VARIED.stream(), OF_ALL.stream(), ofLength)
        .flatMap(settings -> settings)
        .map(ScaleKeys::keyOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String keyOf(String setting) {
    return setting.split("=", 2)[0];
  }

  /**
   * Refuses what would be lost.
   *
   * @param overrides the user's
   * @throws BadInputException naming one
   */
  static void requireFree(List<String> overrides, ScaleLength length) {
    OwnKeys.requireNone(overrides, VARIED, "has options for");
    OwnKeys.requireNone(overrides, taken(length), "sets itself in all runs");
  }
}
