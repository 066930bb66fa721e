package io.lockstep.cli;

import java.util.List;
import picocli.CommandLine.Command;

/**
 * The commands behind {@code lockstep}, in the order of its help.
 *
 * <p>The parser needs ten milliseconds to look at each of them, most of them for the options that
 * it inherits; so it is shown the one that is asked for by the first argument, else all.
 */
final class Subcommands {

  private static final List<Class<?>> ALL =
      List.of(
          TrainCommand.class,
          LaunchCommand.class,
          AttachCommand.class,
          StatusCommand.class,
          StopCommand.class,
          NodeCommand.class,
          NodeCheckCommand.class,
          KeyCommand.class,
          EvaluateCommand.class,
          PredictCommand.class,
          CoefficientsCommand.class,
          PlotCommand.class,
          CompareCommand.class,
          RepeatCommand.class,
          ScaleCommand.class,
          ForecastCommand.class,
          InspectCommand.class,
          DataCommand.class,
          DoctorCommand.class);

  private Subcommands() {}

  /** What the parser has to know to read these arguments. */
  static List<Class<?>> askedFor(String... arguments) {
    return ALL.stream()
        .filter(type -> arguments.length > 0 && name(type).equals(arguments[0]))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(ALL);
  }

  private static String name(Class<?> type) {
    return type.getAnnotation(Command.class).name();
  }
}
