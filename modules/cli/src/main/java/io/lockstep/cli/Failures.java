package io.lockstep.cli;

import io.lockstep.DivergedException;
import io.lockstep.cluster.RunFailedException;
import io.lockstep.cluster.keys.KeyException;
import io.lockstep.cluster.launch.HostsException;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.config.ConfigurationException;
import io.lockstep.data.DataException;
import io.lockstep.forecast.ForecastException;
import io.lockstep.model.ModelException;
import io.lockstep.nn.LayerException;
import io.lockstep.wire.MeasuringException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells the user what went wrong and finds the exit code. A mistake of the user's is one line; a
 * failure of the program's, or of a layer of the user's own, is one line and a file with the stack
 * trace.
 *
 * @param terminal where to tell it
 * @param verbose whether to print the stack trace of a failure of the program's, too
 */
record Failures(Terminal terminal, BooleanSupplier verbose) {

  /** A command line that does not parse. */
  int ofUsage(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    terminal.err().println("lockstep: " + what(mistake, command));
    if (!UnmatchedArgumentException.printSuggestions(mistake, command.getErr())) {
      command.getErr().println("Help: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    return ExitCode.BAD_INPUT;
  }

  private static String what(ParameterException mistake, CommandLine command) {
    if (!(mistake instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
      return mistake.getMessage().replaceFirst("^Error: ", "");
    }
    String first = unmatched.getUnmatched().getFirst();
    return command.getParent() == null
        ? "there is no command " + first
        : "%s: expected no further argument but found %s"
            .formatted(command.getCommandSpec().qualifiedName(), first);
  }

  /** A command that could not do what was asked. */
  int of(Throwable failure) {
    terminal.line().clear();
    return switch (failure) {
      case BadInputException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case ConfigurationException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case DataException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case ModelException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case HostsException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case ForecastException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case KeyException mistake -> say(mistake, ExitCode.BAD_INPUT);
      case ScaleException failed -> say(failed, ExitCode.FAILURE);
      case LaunchException failed -> say(failed, ExitCode.FAILURE);
      case MeasuringException failed -> say(failed, ExitCode.FAILURE);
      case RunFailedException failed -> say(failed, ExitCode.FAILURE);
      case LayerException failed -> withStackTrace(failed, failed.getMessage());
      case DivergedException diverged -> say(diverged, ExitCode.DIVERGED);
      default -> internal(failure);
    };
  }

  private int say(Throwable failure, int exitCode) {
    terminal.err().println("lockstep: " + failure.getMessage());
    return exitCode;
  }

  private int internal(Throwable failure) {
    Throwable cause = rootOf(failure);
    if (cause instanceof OutOfMemoryError) {
      long megabytes = Runtime.getRuntime().maxMemory() >> 20;
      terminal
          .err()
          .println(
              "lockstep: the heap of %,d MB is full; give the JVM more: LOCKSTEP_JAVA_OPTS=-Xmx8g"
                  .formatted(megabytes));
      return ExitCode.FAILURE;
    }
    return withStackTrace(failure, "internal error: " + cause);
  }

  private int withStackTrace(Throwable failure, String what) {
    terminal.err().println("lockstep: " + what + "; " + keep(failure));
    if (verbose.getAsBoolean()) {
      terminal.err().print(stackTrace(failure));
    }
    return ExitCode.FAILURE;
  }

  private static String keep(Throwable failure) {
    try {
      Path log = Files.createTempFile("lockstep-error-", ".log");
      Files.writeString(log, stackTrace(failure));
      return "the stack trace is in " + log;
    } catch (IOException unwritable) {
      return "with --verbose there is a stack trace";
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
