package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.training.trace.TraceWindow;
import java.util.Stack;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a timeline of some steps is wanted, and of which. */
final class TraceOption {

  private static final Pattern WINDOW = Pattern.compile("(\\d{1,18}):(\\d{1,9})");

  @Option(
      names = "--trace",
      paramLabel = "[FIRST:COUNT]",
      parameterConsumer = Words.class,
      description =
          "Write a timeline of COUNT steps from step FIRST on (default: 40 steps, two thirds through the run) to trace.json in the run's folder: what each thread of each process does and when. https://ui.perfetto.dev opens it.")
  private String steps;

  /** Takes the next word only if it says steps: it may be the configuration. */
  static final class Words implements IParameterConsumer {

    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
      boolean says = !words.isEmpty() && words.peek().matches("\\d.*:.*");
      option.setValue(says ? words.pop() : "");
    }
  }

  /** The steps as they are named; empty for the usual ones, null for none. */
  String steps() {
    return steps;
  }

  /** Has the training traced if that is wanted. */
  Training applyTo(Training training) {
    if (steps == null) {
      return training;
    }
    return steps.isEmpty() ? training.trace() : training.trace(window());
  }

  private TraceWindow window() {
    Matcher matcher = WINDOW.matcher(steps);
    if (matcher.matches()) {
      long first = Long.parseLong(matcher.group(1));
      int count = Integer.parseInt(matcher.group(2));
      if (count >= 1 && count <= TraceWindow.MOST_STEPS) {
        return new TraceWindow(first, count);
      }
    }
    throw new BadInputException(
        "--trace: expected FIRST:COUNT with 1 to %,d steps, such as 100:40, but found %s"
            .formatted(TraceWindow.MOST_STEPS, steps));
  }
}
