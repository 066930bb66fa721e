package io.lockstep.cli;

import io.lockstep.Forecasting;
import io.lockstep.Profiling;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DownloadProgress;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Work;
import io.lockstep.model.RunFolder;
import io.lockstep.report.forecast.ForecastResults;
import io.lockstep.report.forecast.Measurement;
import io.lockstep.report.scale.ScaleResults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep forecast}. */
@Command(
    name = "forecast",
    description = "Predicts how a network would train on machines that are not there.",
    footer = {
      "",
      "Some seconds of computing are measured here, in one process (or read: --profile); then steps are simulated with it in virtual time. In DIR are the page forecast.html, its charts as forecast.png and forecast.svg, all figures as forecast.csv and forecast.json, and profile.json. What is simulated and what is not: docs/forecast.md.",
      "",
      "Examples:",
      "  lockstep forecast mnist --nodes 1..64 --mode weak",
      "  lockstep forecast mnist --nodes 1..16 --batch 8192 --servers auto",
      "  lockstep forecast mnist --nodes 8 --failures 1/1000h --within 1h"
    })
final class ForecastCommand implements Callable<Integer> {

  /** Keys of which options of this command say more. */
  private static final List<String> OWN =
      List.of(
          "cluster.workers",
          "cluster.servers",
          "cluster.standbys",
          "train.batch",
          "train.gradients");

  /** Measures what training costs here. */
  @FunctionalInterface
  interface Measuring {
    Profile run(Profiling profiling, Profiling.Progress progress);
  }

  private final Terminal terminal;
  private final Measuring measuring;

  @Spec private CommandSpec spec;

  @Mixin private ConfOptions conf = new ConfOptions();

  @Mixin private ForecastOptions options = new ForecastOptions();

  @Option(
      names = "--measured",
      paramLabel = "DIR",
      description = "The folder of a scaling experiment (lockstep scale) to be drawn beside it.")
  private Path measured;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "A profile.json of this model, instead of measuring here.")
  private Path profile;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for all that, new or empty, but for the profile that is named (default: runs/NAME-forecast-TIME).")
  private Path out;

  @Option(names = "--quiet", description = "Show only warnings and the result.")
  private boolean quiet;

  private ForecastProgress progress;

  ForecastCommand(Terminal terminal) {
    this(terminal, Profiling::run);
  }

  /** Of what is measured otherwise. */
  ForecastCommand(Terminal terminal, Measuring measuring) {
    this.terminal = terminal;
    this.measuring = measuring;
  }

  @Override
  public Integer call() {
    requireSense();
    progress = new ForecastProgress(terminal, quiet);
    ScaleResults scaled =
        measured == null ? null : new ScaledFile(measured.resolve("scale.json")).read();
    Configuration configuration = configuration();
    requireSame(configuration.name(), scaled);
    DownloadProgress downloads = quiet ? DownloadProgress.SILENT : new DownloadView(terminal);
    Forecasting forecasting =
        Forecasting.create(configuration, DataRequest.ofProcess().withProgress(downloads));
    options.requireServers(forecasting.mostServers());
    ForecastFiles files = new ForecastFiles(folder(configuration));
    Profile costs = costs(forecasting.profiling(), files);
    try {
      ForecastResults results = results(configuration, forecasting, costs);
      show(results, beside(results, scaled, costs), files);
      return ExitCode.OK;
    } catch (RuntimeException | Error failure) {
      sayWhatIsKept(files);
      throw failure;
    }
  }

  private static Measurement beside(ForecastResults results, ScaleResults scaled, Profile costs) {
    return scaled == null
        ? Measurement.NONE
        : Measurement.of(results, scaled, costs.machine().cpu());
  }

  /** Nobody is to measure again for a mistake in what was asked. */
  private void sayWhatIsKept(ForecastFiles files) {
    if (profile == null) {
      terminal.warn("what was measured is kept: use it by " + files.profileOption());
    }
  }

  private ForecastResults results(
      Configuration configuration, Forecasting forecasting, Profile costs) {
    List<ClusterSpec> clusters = options.clusters(configuration, costs.machine().cores());
    Work work = forecasting.work(costs, options.question());
    Forecaster forecaster = forecasting.forecaster(costs, options.question(), progress::simulates);
    return new ForecastAnswers(configuration, costs, options, work)
        .results(new ForecastPoints(forecaster, options), clusters, progress);
  }

  private void requireSense() {
    options.requireSense();
    OwnKeys.requireNone(conf.settings(), OWN, "has options for");
    if (profile != null && !Files.isReadable(profile)) {
      throw new BadInputException(
          "--profile %s: expected a profile.json that can be read, found none".formatted(profile));
    }
    if (out != null) {
      new ForecastFiles(out).requireNew(profile);
    }
  }

  private void requireSame(String network, ScaleResults scaled) {
    if (scaled != null && !scaled.setup().network().equals(network)) {
      throw new BadInputException(
          "--measured %s: expected a scaling experiment of %s, found one of %s"
              .formatted(measured, network, scaled.setup().network()));
    }
  }

  private Configuration configuration() {
    return conf.load(Overrides.of(options.settings()));
  }

  private Path folder(Configuration configuration) {
    return out != null
        ? out
        : RunFolder.usualPath(
            RunArgument.RUNS, configuration.name() + "-forecast", LocalDateTime.now());
  }

  private Profile costs(Profiling profiling, ForecastFiles files) {
    Profile given = profile == null ? null : profiling.read(profile);
    files.create();
    Profile costs = given == null ? measured(profiling) : given;
    profiling.write(costs, files.profile());
    return costs;
  }

  private Profile measured(Profiling profiling) {
    progress.begins("measuring here for some 20 seconds what training costs");
    return measuring.run(profiling, progress::measures);
  }

  private void show(ForecastResults results, Measurement beside, ForecastFiles files) {
    String command =
        "lockstep " + ShellWords.join(spec.root().commandLine().getParseResult().originalArgs());
    files.write(results, beside, command);
    ForecastText.lines(results, beside).forEach(terminal.out()::println);
    if (measured != null && beside.compared().isEmpty()) {
      terminal.warn(
          "nothing in %s has the workers, servers and batch of anything predicted"
              .formatted(measured));
    }
    terminal.out().println("report: " + files.page());
  }
}
