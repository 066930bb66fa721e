package io.lockstep.cli;

import io.lockstep.report.scale.ScaleMode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What {@code scale} varies, and how long and how often it runs. */
final class ScaleOptions {

  /** A speed is that between two steps. */
  static final long FEWEST_STEPS = 2;

  private static final int USUAL_SECONDS = 15;
  private static final int MOST_SECONDS = 3_600;

  /** Numbers above 0, each once, in the user's order. */
  record Counts(List<Integer> all) {}

  @Option(
      names = "--workers",
      paramLabel = "N",
      converter = OfCounts.class,
      required = true,
      description = "Numbers of workers, with commas between them.")
  private Counts workers;

  @Option(
      names = "--servers",
      paramLabel = "M",
      converter = OfCounts.class,
      description = "Numbers of parameter servers (default: 1).")
  private Counts servers = new Counts(List.of(1));

  @Option(
      names = "--batch",
      paramLabel = "B",
      converter = OfCounts.class,
      description =
          "Rows of a step, of each worker with --mode weak (default: train.batch, as configured).")
  private Counts batches = new Counts(List.of());

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
            "Each run has as many steps as the first cell takes until two thirds of them have taken so many seconds at one speed or, with a warning, until four times as many and ten are over: 1 to 3600 (default: 15).")
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
    requireAtLeast(1, "--repeat", rounds);
    requireAtLeast(FEWEST_STEPS, "--steps", length.steps == null ? FEWEST_STEPS : length.steps);
    if (length.seconds != null && (length.seconds < 1 || length.seconds > MOST_SECONDS)) {
      throw new BadInputException(
          "--seconds: expected 1 to %d but found %d; name --steps for longer runs"
              .formatted(MOST_SECONDS, length.seconds));
    }
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
    return workers.all();
  }

  ScaleGrid.Axes axes() {
    return new ScaleGrid.Axes(workers.all(), servers.all(), batches.all());
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

  /** {@code 1,2,4}. */
  static final class OfCounts implements ITypeConverter<Counts> {
    @Override
    public Counts convert(String word) {
      try {
        List<Integer> all = Arrays.stream(word.split(",", -1)).map(Integer::valueOf).toList();
        if (all.stream().allMatch(count -> count > 0) && Set.copyOf(all).size() == all.size()) {
          return new Counts(all);
        }
      } catch (NumberFormatException notEach) {
        // As below.
      }
      throw new TypeConversionException(
          "expected numbers of 1 or more, each once, with commas between them, such as 1,2,4, but found '%s'"
              .formatted(word));
    }
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
