package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleCurve;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.report.scale.SteadyParts;
import io.lockstep.report.scale.SteadyRate;
import io.lockstep.report.scale.SteadySteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the runs of a scaling experiment: each round has one of every cell, every second one
 * backwards, so that what changes on the machine meanwhile meets all cells alike. Runs that are
 * there already, finished and with the same configuration, are not made again.
 *
 * @param folder where runs are
 * @param grid the cells
 * @param runner makes runs
 * @param terminal where to say what has been done
 */
record ScaleExperiment(Path folder, ScaleGrid grid, ScaleRunner runner, Terminal terminal) {

  /** Runs that find out how long others are. */
  private static final String PILOT = "pilot";

  /** What was measured. */
  record Measured(List<ScaleRun> runs, List<ScaleCurve> curves) {}

  /**
   * Makes all runs.
   *
   * @throws ScaleException if one fails, or does not reach its target
   * @throws BadInputException if the folder has runs of another configuration
   */
  Measured run(ScaleLength length, int rounds) {
    List<ScaleCell> cells = grid.cells();
    Map<ScaleCell, List<String>> lengths = lengths(length, cells);
    RemainingRuns remaining = new RemainingRuns(rounds * cells.size(), System::nanoTime);
    List<ScaleRun> runs = new ArrayList<>();
    List<ScaleCurve> curves = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (ScaleCell cell : round % 2 == 1 ? cells : cells.reversed()) {
        ScaleJob job = job(cell, round(round), lengths.get(cell), null);
        boolean made = make(job, ScaleExperiment::isFinished);
        ScaleRun run = read(job, round, length);
        runs.add(run);
        if (round == 1) {
          curves.add(ScaleCurve.of(cell, metrics(job)));
        }
        String left = made ? remaining.afterOne() : remaining.afterOneThatWasThere();
        terminal.out().println(ScaleText.line(run) + left);
      }
    }
    return new Measured(runs, curves);
  }

  private ScaleJob job(
      ScaleCell cell, String name, List<String> more, Predicate<List<Metrics>> until) {
    List<String> settings = new ArrayList<>(grid.settings(cell));
    settings.addAll(more);
    return new ScaleJob(cell, path(cell, name), settings, until);
  }

  private Path path(ScaleCell cell, String name) {
    return folder
        .resolve(
            "workers-%d-servers-%d-batch-%d"
                .formatted(cell.workers(), cell.servers(), cell.batch()))
        .resolve(name);
  }

  // How long runs are.

  private Map<ScaleCell, List<String>> lengths(ScaleLength length, List<ScaleCell> cells) {
    return switch (length) {
      case ScaleLength.Steps(long steps) -> ofSteps(steps, cells);
      case ScaleLength.Seconds(int seconds) ->
          ofSteps(stepsWithin(seconds, cells.getFirst()), cells);
      case ScaleLength.Until(ScaleTarget target) -> ofEpochs(target, cells);
    };
  }

  private static Map<ScaleCell, List<String>> ofSteps(long steps, List<ScaleCell> cells) {
    Map<ScaleCell, List<String>> lengths = new HashMap<>();
    cells.forEach(cell -> lengths.put(cell, ScaleKeys.ofSteps(steps)));
    return lengths;
  }

  /** By a first run that does not count. */
  private long stepsWithin(int seconds, ScaleCell cell) {
    ScalePilot rule = new ScalePilot(seconds);
    Predicate<List<Metrics>> until = rule.until(System::nanoTime, path(cell, PILOT));
    ScaleJob pilot = job(cell, PILOT, ScaleKeys.ofPilot(), until);
    say("finding out how many steps %s does steadily in %d s".formatted(cell.name(), seconds));
    boolean isThere = hasEnded(pilot.folder()) && rule.wasEnough(steadySteps(pilot));
    if (!isThere) {
      requireNoRuns(seconds, cell);
    }
    make(pilot, there -> isThere);
    SteadySteps found = steadySteps(pilot);
    long steps = rule.steps(found, pilot.folder());
    rule.doubt(found).ifPresent(terminal::warn);
    say("each run has %s".formatted(Figures.count(steps, "step")));
    return steps;
  }

  private static SteadySteps steadySteps(ScaleJob job) {
    SteadySteps steps = new SteadySteps();
    MetricsLog.read(RunFolder.open(job.folder()).metricsFile(), steps::add);
    return steps;
  }

  /** A new pilot would find another number of steps than runs have that are there. */
  private void requireNoRuns(int seconds, ScaleCell cell) {
    Path round = path(cell, round(1));
    if (hasEnded(round)) {
      long steps = RunFolder.open(round).readSummary().steps();
      throw new BadInputException(
          "%s: expected runs whose length --seconds %d has found, but found some of %s that another length was named or found for; go on with --steps %d, or name another --out"
              .formatted(folder, seconds, Figures.count(steps, "step"), steps));
    }
  }

  /** How many of the runs that count are finished. */
  long finished(int rounds) {
    return grid.cells().stream()
        .flatMap(cell -> IntStream.rangeClosed(1, rounds).mapToObj(n -> path(cell, round(n))))
        .filter(run -> hasEnded(run) && isFinished(RunFolder.open(run)))
        .count();
  }

  private static boolean hasEnded(Path run) {
    return RunFolder.isRun(run) && Files.exists(RunFolder.open(run).summaryFile());
  }

  private static String round(int number) {
    return "round-" + number;
  }

  /** Cells of the same cut have the same weights at all times, so one of them tells of all. */
  private Map<ScaleCell, List<String>> ofEpochs(ScaleTarget target, List<ScaleCell> cells) {
    Map<ScaleRun.Cut, List<String>> byCut = new HashMap<>();
    Map<ScaleCell, List<String>> lengths = new HashMap<>();
    for (ScaleCell cell : cells) {
      lengths.put(cell, byCut.computeIfAbsent(grid.cut(cell), cut -> ofEpochs(target, cell)));
    }
    return lengths;
  }

  private List<String> ofEpochs(ScaleTarget target, ScaleCell cell) {
    ScaleJob pilot = job(cell, PILOT, ScaleKeys.ofAllEpochs(), target::isReachedIn);
    say("finding out when %s reaches %s".formatted(grid.cut(cell).name(), target));
    make(pilot, there -> isFinished(there) || target.isReachedIn(metrics(pilot)));
    Metrics.Evaluation reached =
        target
            .firstIn(metrics(pilot))
            .orElseThrow(
                () ->
                    new ScaleException(
                        "%s: %s was not reached within %s, see %s; name another --until, or more epochs by --set train.epochs"
                            .formatted(
                                cell.name(),
                                target,
                                Figures.count(grid.epochs(), "epoch"),
                                pilot.folder())));
    say(
        "%s reaches %s after %s"
            .formatted(grid.cut(cell).name(), target, Figures.count(reached.epoch(), "epoch")));
    List<String> length = new ArrayList<>(ScaleKeys.ofEpochs(reached.epoch(), reached.step()));
    scheduleOf(pilot, reached).ifPresent(length::add);
    return length;
  }

  /**
   * A learning rate that goes on over the whole run goes on over that of the pilot, in those that
   * are shorter, too: they are to do the same steps.
   */
  private Optional<String> scheduleOf(ScaleJob pilot, Metrics.Evaluation reached) {
    Configuration whole = grid.configuration(pilot.cell(), pilot.settings());
    long steps = reached.step() / reached.epoch() * whole.train().epochs();
    long wave = Math.max(1, steps - whole.schedule().warmupSteps());
    return whole.schedule().totalSteps().isPresent()
        ? Optional.empty()
        : Optional.of("schedule.totalSteps=" + wave);
  }

  private void say(String line) {
    terminal.out().println(line);
  }

  // Runs.

  /**
   * Makes a run, unless it is there and {@code whole}; one that was broken off is made anew.
   * Returns whether it did.
   */
  private boolean make(ScaleJob job, Predicate<RunFolder> whole) {
    Path path = job.folder();
    if (RunFolder.isRun(path)) {
      new EarlierRun(path).requireSame(grid.configuration(job.cell(), job.settings()));
      RunFolder there = RunFolder.open(path);
      if (Files.exists(there.summaryFile()) && whole.test(there)) {
        return false;
      }
      delete(path);
    }
    runner.run(job);
    return true;
  }

  private static boolean isFinished(RunFolder run) {
    return run.readSummary().status() == RunSummary.Status.FINISHED;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: a run that was broken off cannot be deleted: %s".formatted(folder, failure),
          failure);
    }
  }

  private static List<Metrics> metrics(ScaleJob job) {
    return MetricsLog.read(RunFolder.open(job.folder()).metricsFile());
  }

  private ScaleRun read(ScaleJob job, int round, ScaleLength length) {
    RunSummary summary = RunFolder.open(job.folder()).readSummary();
    List<Metrics> metrics = metrics(job);
    ScaleRun.End end =
        new ScaleRun.End(
            summary.steps(),
            summary.seconds(),
            summary.train() == null ? Double.NaN : summary.train().loss(),
            summary.weightsSha256(),
            length instanceof ScaleLength.Until(ScaleTarget target)
                ? secondsTo(target, job, metrics)
                : null);
    return new ScaleRun(
        job.cell(),
        grid.cut(job.cell()).microBatches(),
        round,
        folder.relativize(job.folder()).toString(),
        rate(job, length, metrics),
        SteadyParts.of(metrics),
        end);
  }

  private static SteadyRate rate(ScaleJob job, ScaleLength length, List<Metrics> metrics) {
    try {
      return SteadyRate.of(metrics);
    } catch (IllegalArgumentException tooShort) {
      boolean until = length instanceof ScaleLength.Until;
      throw new ScaleException(
          "%s: expected at least two reports of steps; %s"
              .formatted(
                  job.folder(),
                  until
                      ? "name a smaller --batch, or another --until"
                      : "have it run longer, by --steps or --seconds"));
    }
  }

  private static double secondsTo(ScaleTarget target, ScaleJob job, List<Metrics> metrics) {
    return target
        .firstIn(metrics)
        .map(Metrics.Evaluation::seconds)
        .orElseThrow(
            () ->
                new ScaleException(
                    "%s: expected %s, which the run before all others reached, but found %s at best"
                        .formatted(job.folder(), target, target.bestIn(metrics))));
  }
}
