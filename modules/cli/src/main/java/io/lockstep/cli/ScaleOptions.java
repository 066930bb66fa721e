package io.lockstep.cli;

import io.lockstep.report.scale.ScaleMode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What {@code scale} varies, and how long and how often it runs. */
final class ScaleOptions {

  /** A speed is that between two steps. */
  static final long FEWEST_STEPS = 2;

  private static final int USUAL_SECONDS = 15;

  @Option(
      names = "--workers",
      paramLabel = "N",
      split = ",",
      required = true,
      description = "Numbers of workers, with commas between them.")
  private List<Integer> workers;

  @Option(
      names = "--servers",
      paramLabel = "M",
      split = ",",
      description = "Numbers of parameter servers (default: 1).")
  private List<Integer> servers = List.of(1);

  @Option(
      names = "--batch",
      paramLabel = "B",
      split = ",",
      description =
          "Rows of a step, of each worker with --mode weak (default: train.batch, as configured).")
  private List<Integer> batches = List.of();

  @Option(
      names = "--mode",
      paramLabel = "strong|weak",
      converter = OfMode.class,
      description =
          "strong: the batch stays the same, and so do the weights, which is verified; weak: each worker's part of it does, and train.microBatches is of each worker (default: strong).")
  private ScaleMode mode = ScaleMode.STRONG;

  @Option(names = "--repeat", paramLabel = "R", description = "Runs of each cell (default: 3).")
  private int rounds = 3;

  @ArgGroup private Length length = new Length();

  /** How long a run is; at most one. */
  static final class Length {

    @Option(names = "--steps", paramLabel = "N", description = "Steps of each run.")
    private Long steps;

    @Option(
        names = "--seconds",
        paramLabel = "S",
        description =
            "Each run has as many steps as the first cell takes until two thirds of them have taken so many seconds, all at one speed (default: 15).")
    private Integer seconds;

    @Option(
        names = "--until",
        paramLabel = "accuracy=A|loss=L",
        converter = OfTarget.class,
        description =
            "Measures how long it takes until the validation rows have this; runs have as many epochs as that takes.")
    private ScaleTarget until;
  }

  /**
   * @throws BadInputException if a number cannot be
   */
  void requireSense() {
    requireNumbers("--workers", workers);
    requireNumbers("--servers", servers);
    requireNumbers("--batch", batches);
    requirePositive("--repeat", rounds);
    requireAtLeast(FEWEST_STEPS, "--steps", length.steps == null ? FEWEST_STEPS : length.steps);
    requirePositive("--seconds", length.seconds == null ? 1 : length.seconds);
  }

  private static void requireNumbers(String option, List<Integer> numbers) {
    numbers.forEach(number -> requirePositive(option, number));
    if (new HashSet<>(numbers).size() < numbers.size()) {
      throw new BadInputException(
          "%s: expected each number once but found %s".formatted(option, numbers));
    }
  }

  private static void requirePositive(String option, long number) {
    requireAtLeast(1, option, number);
  }

  private static void requireAtLeast(long least, String option, long number) {
    if (number < least) {
      throw new BadInputException(
          "%s: expected %d or more but found %d".formatted(option, least, number));
    }
  }

  ScaleMode mode() {
    return mode;
  }

  int rounds() {
    return rounds;
  }

  List<Integer> workers() {
    return workers;
  }

  ScaleGrid.Axes axes() {
    return new ScaleGrid.Axes(workers, servers, batches);
  }

  ScaleLength length() {
    if (length.until != null) {
      return new ScaleLength.Until(length.until);
    }
    if (length.steps != null) {
      return new ScaleLength.Steps(length.steps);
    }
    return new ScaleLength.Seconds(length.seconds == null ? USUAL_SECONDS : length.seconds);
  }

  /** {@code strong} or {@code weak}. */
  static final class OfMode implements ITypeConverter<ScaleMode> {
    @Override
    public ScaleMode convert(String word) {
      return Arrays.stream(ScaleMode.values())
          .filter(mode -> mode.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected strong or weak but found '%s'".formatted(word)));
    }
  }

  /** {@code accuracy=0.97} or {@code loss=0.1}. */
  static final class OfTarget implements ITypeConverter<ScaleTarget> {
    @Override
    public ScaleTarget convert(String word) {
      return ScaleTarget.parse(word)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected accuracy=A or loss=L, such as accuracy=0.97, but found '%s'"
                          .formatted(word)));
    }
  }
}
