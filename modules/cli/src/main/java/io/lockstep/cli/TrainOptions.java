package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DownloadProgress;
import io.lockstep.model.RunFolder;
import java.nio.file.Path;
import java.time.LocalDateTime;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands have in common that train: what to train, where to keep it, what to show. */
final class TrainOptions {

  private static final String USUAL = "digits";

  @Parameters(
      arity = "0..1",
      paramLabel = "CONF",
      description =
          "A configuration file, or the name of one that comes with lockstep: digits (the default), linear, mnist, mnist-quick; on CSV files glm-gaussian, glm-bernoulli, glm-poisson, glm-multinomial.")
  private String conf;

  @Mixin private SetOption set = new SetOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the run, new or empty (default: runs/NAME-TIME).")
  private Path out;

  @Mixin private JarOption jars = new JarOption();

  @ArgGroup(
      exclusive = false,
      validate = false,
      heading = "%nOn a CSV file, without a configuration:%n")
  private TableOptions table = new TableOptions();

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description =
          "Go on with the run in this folder from its newest checkpoint, with its configuration: to the weights of the run that was never broken off, with any workers and servers.")
  private Path resume;

  @Mixin private TraceOption trace = new TraceOption();

  @ArgGroup private Output output = new Output();

  /** How to show progress; at most one. */
  static final class Output {

    @Option(names = "--quiet", description = "Show only the result.")
    private boolean quiet;

    @Option(names = "--json", description = "Show each event as a line of JSON.")
    private boolean json;

    /** Whether messages beside progress and result are welcome on the standard output. */
    boolean talkative() {
      return !quiet && !json;
    }

    ProgressView view(Terminal terminal) {
      if (json) {
        return new ProgressView.Json(terminal);
      }
      if (quiet) {
        return new ProgressView.Quiet(terminal);
      }
      return terminal.interactive()
          ? new ProgressView.Live(terminal)
          : new ProgressView.Lines(terminal);
    }
  }

  Output output() {
    return output;
  }

  /**
   * The configuration that is meant.
   *
   * @param before overrides that give way to the user's
   * @param after overrides that do not
   */
  Configuration configuration(Overrides before, Overrides after) {
    Overrides all = before.with(set.overrides()).with(after);
    table.requireSense(conf, resume);
    if (table.isUsed()) {
      return table.configuration(all).withJars(jars.read());
    }
    if (resume == null) {
      return Configurations.load(conf == null ? USUAL : conf, all, jars.read());
    }
    RunArgument.require(resume);
    if (!RunFolder.isRun(resume)) {
      throw new BadInputException(
          "--resume: expected the folder of a run, such as runs/digits-…, but found " + resume);
    }
    if (conf != null || out != null) {
      throw new BadInputException(
          "--resume: expected no configuration and no --out beside it, since %s has its own"
              .formatted(resume));
    }
    return Configurations.load(resume.toString(), all, jars.read());
  }

  /** Whether an earlier run goes on. */
  boolean resumes() {
    return resume != null;
  }

  /** The folder that the run is to be kept in. */
  Path folder(Configuration configuration) {
    if (resume != null) {
      return resume;
    }
    return out != null
        ? out
        : RunFolder.usualPath(RunArgument.RUNS, configuration.name(), LocalDateTime.now());
  }

  /** A training with everything checked and the data read. */
  Training training(Configuration configuration, Terminal terminal) {
    Training training = newRun(configuration, terminal);
    return (resume == null ? training : training.resume(resume)).requireStepsToTrace();
  }

  /** Whether steps are named of which only the data tell whether the run has them. */
  boolean namesSteps() {
    return trace.namesSteps();
  }

  /** A training that knows of no earlier run. */
  Training newRun(Configuration configuration, Terminal terminal) {
    DownloadProgress progress = output.quiet ? DownloadProgress.SILENT : new DownloadView(terminal);
    return trace.applyTo(
        Training.create(configuration, DataRequest.ofProcess().withProgress(progress)));
  }
}
