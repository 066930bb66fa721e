package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.Encoding;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A run beside others.
 *
 * @param folder of the run
 * @param network in one line
 * @param settings those that decide the weights, by their keys
 * @param layers number of hidden layers
 * @param summary empty as long as the run goes on, or if it was broken off
 * @param fit of a generalized linear model
 */
record ComparedRun(
    Path folder,
    String network,
    SortedMap<String, String> settings,
    int layers,
    Optional<RunSummary> summary,
    Optional<CoefficientTable> fit) {

  private static final String NONE = "-";

  /** A setting of a layer, but none of the layers within it. */
  private static final Pattern LAYER = Pattern.compile("network\\.layers\\[\\d+]\\.[^\\[]+");

  /**
   * Reads a run's folder.
   *
   * @throws io.lockstep.model.ModelException if it is none
   */
  static ComparedRun read(Path path) {
    RunFolder folder = RunFolder.open(path);
    Configuration configuration =
        Configuration.load(folder.configFile()).withJars(folder.readJars());
    Encoding encoding = folder.readEncoding();
    return new ComparedRun(
        path,
        configuration.toNetwork(encoding).toString(),
        configuration.keysOfResult(),
        configuration.network().layers().size(),
        Files.exists(folder.summaryFile()) ? Optional.of(folder.readSummary()) : Optional.empty(),
        folder.readCoefficients());
  }

  /** The name of the folder. */
  String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /** What its outputs mean, and so its losses. */
  String family() {
    return settings.getOrDefault("network.output.family", NONE);
  }

  /** Accuracy of the test rows, or else their loss; empty if there are none. */
  String testScore() {
    return summary
        .map(RunSummary::test)
        .map(
            score ->
                score.accuracy() == null
                    ? "loss " + Figures.loss(score.loss())
                    : Figures.percent(score.accuracy()))
        .orElse("");
  }

  /** A column for each run. */
  static Table table(List<ComparedRun> runs) {
    String[] heading = new String[runs.size() + 1];
    heading[0] = "";
    for (int i = 0; i < runs.size(); i++) {
      heading[i + 1] = runs.get(i).name();
    }
    Table table = new Table(heading);
    row(table, "network", runs, ComparedRun::network);
    for (String key : differing(runs)) {
      row(table, key, runs, run -> run.settings().getOrDefault(key, NONE));
    }
    figure(table, "status", runs, summary -> summary.status().word());
    figure(table, "parameters", runs, summary -> Figures.count(summary.parameters()));
    figure(table, "epochs", runs, summary -> Figures.count(summary.epochs()));
    figure(table, "steps", runs, summary -> Figures.count(summary.steps()));
    figure(table, "workers", runs, summary -> Figures.count(summary.workers()));
    scores(table, "train", runs, RunSummary::train);
    scores(table, "validation", runs, RunSummary::validation);
    scores(table, "test", runs, RunSummary::test);
    fits(table, runs);
    figure(table, "seconds", runs, s -> Figures.seconds(s.seconds()).replace(" s", ""));
    figure(table, "samples/s", runs, s -> Figures.count(Math.round(s.samplesPerSecond())));
    return table;
  }

  /** Keys whose values are not the same in all runs, but for what the networks' lines say. */
  private static TreeSet<String> differing(List<ComparedRun> runs) {
    boolean sameDepth = runs.stream().map(ComparedRun::layers).distinct().count() == 1;
    TreeSet<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(run.settings().keySet()));
    keys.removeIf(
        key ->
            runs.stream().map(run -> run.settings().get(key)).distinct().count() == 1
                || isSaid(key, sameDepth));
    return keys;
  }

  /**
   * Whether the networks' lines say it, or it is of layers that cannot be set side by side. They do
   * not say which layers are in a residual connection.
   */
  private static boolean isSaid(String key, boolean sameDepth) {
    return LAYER.matcher(key).matches()
        && (!sameDepth || key.matches(".*\\.(units|activation|type)"));
  }

  private static void scores(
      Table table, String rows, List<ComparedRun> runs, Function<RunSummary, Score> score) {
    if (runs.stream().noneMatch(run -> run.summary().map(score).isPresent())) {
      return;
    }
    row(
        table,
        rows + " loss",
        runs,
        run -> run.summary().map(score).map(s -> Figures.loss(s.loss())).orElse(NONE));
    row(
        table,
        rows + " accuracy",
        runs,
        run -> run.summary().map(score).map(s -> Figures.percent(s.accuracy())).orElse(NONE));
  }

  /** Of the rows learned from. */
  private static void fits(Table table, List<ComparedRun> runs) {
    if (runs.stream().anyMatch(run -> run.fit().isPresent())) {
      fit(table, "deviance", runs, CoefficientTable::deviance);
      fit(table, "log-likelihood", runs, CoefficientTable::logLikelihood);
      fit(table, "AIC", runs, CoefficientTable::aic);
    }
  }

  private static void fit(
      Table table, String name, List<ComparedRun> runs, Function<CoefficientTable, Double> figure) {
    row(table, name, runs, run -> run.fit().map(figure).map(Figures::sum).orElse(NONE));
  }

  private static void figure(
      Table table, String name, List<ComparedRun> runs, Function<RunSummary, String> figure) {
    row(table, name, runs, run -> run.summary().map(figure).orElse(NONE));
  }

  private static void row(
      Table table, String name, List<ComparedRun> runs, Function<ComparedRun, String> cell) {
    String[] cells = new String[runs.size() + 1];
    cells[0] = name;
    for (int i = 0; i < runs.size(); i++) {
      cells[i + 1] = cell.apply(runs.get(i));
    }
    table.row(cells);
  }
}
