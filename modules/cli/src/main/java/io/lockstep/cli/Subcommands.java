package io.lockstep.cli;

import java.util.Collection;
import java.util.List;

/**
 * The commands behind {@code lockstep}, in the order of its help.
 *
 * <p>The parser needs ten milliseconds to look at each of them, most of them for the options that
 * it inherits; so it is shown the one that is asked for, and all only where that is none of them.
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
          InspectCommand.class,
          DataCommand.class,
          DoctorCommand.class);

  private Subcommands() {}

  /** What the parser has to know to read these arguments. */
  static Collection<Class<?>> askedFor(String... arguments) {
    for (String argument : arguments) {
      if (!argument.startsWith("-")) { // The options before a command have no values.
        return ALL.stream()
            .filter(type -> name(type).equals(argument))
            .findFirst()
            .<Collection<Class<?>>>map(List::of)
            .orElse(ALL);
      }
    }
    return ALL;
  }

  private static String name(Class<?> type) {
    return type.getAnnotation(picocli.CommandLine.Command.class).name();
  }
}
