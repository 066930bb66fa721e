package io.lockstep.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.lockstep.model.BuildInfo;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code lockstep}: what all its parts share. */
@Command(
    name = "lockstep",
    versionProvider = Lockstep.Version.class,
    description =
        "Trains neural networks data-parallel on CPUs: the same weights, bit for bit, with any"
            + " number of workers.",
    footer = {
      "",
      "Examples:",
      "  lockstep train                       train on drawn digits, in seconds",
      "  lockstep train mnist --workers 4     two hidden layers on MNIST",
      "  lockstep launch mnist --workers 2    the same by processes, here or over ssh",
      "  lockstep inspect mnist               its layers, memory, division of work",
      "  lockstep doctor                      what this machine offers",
      "",
      "Exit codes: 0 done, 1 failure, 2 bad input, 3 the loss became NaN or infinite, 130 Ctrl-C, 143 a request to terminate.",
      "",
      "Help on a command: lockstep COMMAND --help"
    })
final class Lockstep implements Runnable {

  /** That of terminals since there are any. */
  private static final int HELP_WIDTH = 80;

  @Spec private CommandSpec spec;

  private boolean verbose;

  private Lockstep() {}

  /**
   * Runs the command that the arguments ask for, as part of the given program.
   *
   * @return the exit code
   */
  static int execute(Terminal terminal, Program program, String... arguments) {
    Lockstep lockstep = new Lockstep();
    CommandLine line = new CommandLine(lockstep, new CommandFactory(terminal, program));
    Subcommands.askedFor(arguments).forEach(line::addSubcommand);

    line.setOut(writer(terminal.out()));
    line.setErr(writer(terminal.err()));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setAbbreviatedOptionsAllowed(true);
    Failures failures = new Failures(terminal, () -> lockstep.verbose);
    line.setParameterExceptionHandler(failures::ofUsage);
    line.setExecutionExceptionHandler((failure, command, parsed) -> failures.of(failure));
    line.setExecutionStrategy(parsed -> execute(parsed, failures));
    return line.execute(arguments);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  /** The parser leaves errors, such as a full heap, to its caller. */
  private static int execute(CommandLine.ParseResult parsed, Failures failures) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error error) {
      return failures.of(error);
    }
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log more, and show the stack trace of an internal error.")
  void setVerbose(boolean verbose) {
    this.verbose = verbose;
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(verbose ? Level.INFO : Level.WARN);
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  void setHelp(boolean asked) {}

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show version, commit and JDK.")
  void setVersion(boolean asked) {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** Version, commit and JDK of this program. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      BuildInfo build = BuildInfo.ofProgram();
      return new String[] {
        "lockstep %s (commit %s), Java %s"
            .formatted(build.version(), build.commit(), Runtime.version())
      };
    }
  }

  /** Hands terminal and program to the commands that ask for them. */
  private record CommandFactory(Terminal terminal, Program program)
      implements CommandLine.IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        Class<?>[] parameters = constructor.getParameterTypes();
        if (Arrays.equals(parameters, new Class<?>[] {Terminal.class})) {
          return type.cast(constructor.newInstance(terminal));
        }
        if (Arrays.equals(parameters, new Class<?>[] {Terminal.class, Program.class})) {
          return type.cast(constructor.newInstance(terminal, program));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
