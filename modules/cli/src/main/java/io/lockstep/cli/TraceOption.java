package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.training.trace.TraceWindow;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether a timeline of some steps is wanted, and of which. */
final class TraceOption {

  private static final Pattern WINDOW = Pattern.compile("(\\d{1,18}):([1-9]\\d{0,8})");

  @Option(
      names = "--trace",
      paramLabel = "[FIRST:COUNT]",
      preprocessor = Words.class,
      description =
          "Write a timeline of COUNT steps, 1 to 1000, from step FIRST on (default: 40 steps, two thirds through the run) to trace.json in the run's folder: what each thread of each process does and when. https://ui.perfetto.dev opens it.")
  private String steps;

  /**
   * Takes the next word only if it is attached to the option, or says steps: it may be the
   * configuration.
   */
  static final class Words implements IParameterPreprocessor {

    private static final String SEPARATE = " ";

    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> parsing) {
      boolean isAttached = !SEPARATE.equals(parsing.get("separator"));
      boolean says = isAttached || !words.isEmpty() && words.peek().matches("\\d+|\\d.*:.*");
      String steps = says ? words.pop() : "";
      if (says && window(steps).isEmpty()) {
        throw new ParameterException(
            command.commandLine(),
            "--trace: expected FIRST:COUNT with 1 to %,d steps, such as 100:40, but found %s"
                .formatted(TraceWindow.MOST_STEPS, steps.isEmpty() ? "nothing" : steps));
      }
      option.setValue(steps);
      return true; // Nothing is left to be done by picocli.
    }
  }

  /** The steps as they are named; empty for the usual ones, null for none. */
  String steps() {
    return steps;
  }

  /** Whether other steps than the usual ones are named. */
  boolean namesSteps() {
    return steps != null && !steps.isEmpty();
  }

  /** Has the training traced if that is wanted. */
  Training applyTo(Training training) {
    if (steps == null) {
      return training;
    }
    return window(steps).map(training::trace).orElseGet(training::trace);
  }

  /** Empty if the words name no steps, or more than can be traced. */
  private static Optional<TraceWindow> window(String words) {
    Matcher matcher = WINDOW.matcher(words);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > TraceWindow.MOST_STEPS) {
      return Optional.empty();
    }
    return Optional.of(
        new TraceWindow(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2))));
  }
}
