package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.report.scale.SteadySteps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * How long the runs of each cell are, by runs before all others if need be, which do not count.
 * {@link #find} by one thread; {@link #of} by any, meanwhile, too.
 */
final class ScaleLengths {

  private final ScaleRuns runs;
  private final Terminal terminal;
  private final Map<ScaleCell, List<String>> known = new ConcurrentHashMap<>();
  private final List<String> doubts = new ArrayList<>();

  /** Of no cell yet. */
  ScaleLengths(ScaleRuns runs, Terminal terminal) {
    this.runs = runs;
    this.terminal = terminal;
  }

  /** What gives a cell's runs their length, each {@code key=value}; empty while it is not known. */
  Optional<List<String>> of(ScaleCell cell) {
    return Optional.ofNullable(known.get(cell));
  }

  /** What people should know of the lengths. */
  List<String> doubts() {
    return List.copyOf(doubts);
  }

  /**
   * Finds the lengths of all cells.
   *
   * @param rounds how many runs each cell is to have
   * @throws ScaleException if that takes a run that fails, or does not reach its target
   * @throws BadInputException if there are runs of another length, or another configuration
   */
  void find(ScaleLength length, int rounds) {
    switch (length) {
      case ScaleLength.Steps(long steps) -> ofSteps(steps);
      case ScaleLength.Seconds(int seconds) -> ofSteps(stepsWithin(seconds, rounds));
      case ScaleLength.Until(ScaleTarget target) -> ofEpochs(target);
    }
  }

  private List<ScaleCell> cells() {
    return runs.grid().cells();
  }

  private void ofSteps(long steps) {
    cells().forEach(cell -> known.put(cell, ScaleKeys.ofSteps(steps)));
  }

  /** By a first run of the first cell. */
  private long stepsWithin(int seconds, int rounds) {
    ScaleCell cell = cells().getFirst();
    ScalePilot rule = new ScalePilot(seconds);
    Path folder = runs.pilot(cell, List.of(), null).folder();
    ScaleJob pilot = runs.pilot(cell, ScaleKeys.ofPilot(), rule.until(System::nanoTime, folder));
    ScaleFinding found = found(pilot, rule, rounds);
    if (found.doubt() != null) {
      doubts.add(found.doubt());
      terminal.warn(found.doubt());
    }
    say("each run has %s".formatted(Figures.count(found.steps(), "step")));
    return found.steps();
  }

  /** Of a run that is there: how it ended does not tell whether it was long enough. */
  private ScaleFinding found(ScaleJob pilot, ScalePilot rule, int rounds) {
    Path folder = pilot.folder();
    Optional<ScaleFinding> earlier =
        ScaleFinding.of(folder).filter(found -> found.seconds() >= rule.seconds());
    boolean isThere = earlier.isPresent() && ScaleRuns.hasEnded(folder);
    if (isThere) {
      say(
          "as a first run has found for --seconds %d, which is there"
              .formatted(earlier.get().seconds()));
    } else {
      requireNoRuns(rule.seconds(), rounds);
      say(
          "finding out how many steps %s does steadily in %d s"
              .formatted(pilot.cell().name(), rule.seconds()));
    }
    if (!runs.make(pilot, there -> isThere)) {
      return earlier.orElseThrow();
    }
    ScaleFinding found = rule.found(steadySteps(pilot), folder);
    found.write(folder);
    return found;
  }

  private static SteadySteps steadySteps(ScaleJob job) {
    SteadySteps steps = new SteadySteps();
    MetricsLog.read(RunFolder.open(job.folder()).metricsFile(), steps::add);
    return steps;
  }

  /** A new pilot would find another number of steps than runs have that are there. */
  private void requireNoRuns(int seconds, int rounds) {
    for (Path run : runs.ofRounds(rounds)) {
      if (ScaleRuns.hasBegun(run)) {
        long steps = Configuration.load(RunFolder.open(run).configFile()).train().maxSteps();
        throw new BadInputException(
            "%s: expected runs whose length --seconds %d has found, but found some of %s"
                .formatted(runs.folder(), seconds, otherLength(steps)));
      }
    }
  }

  private static String otherLength(long steps) {
    return steps == 0
        ? "whole epochs, as --until finds; name another --out"
        : "%s that another length was named or found for; go on with --steps %d, or name another --out"
            .formatted(Figures.count(steps, "step"), steps);
  }

  /** Cells of the same cut have the same weights at all times, so one of them tells of all. */
  private void ofEpochs(ScaleTarget target) {
    Map<ScaleRun.Cut, List<String>> byCut = new HashMap<>();
    for (ScaleCell cell : cells()) {
      known.put(cell, byCut.computeIfAbsent(runs.grid().cut(cell), cut -> ofEpochs(target, cell)));
    }
  }

  /**
   * Where a run that is there has reached the target at the end of an epoch, it does not matter how
   * it ended: what came before is the same in all runs.
   */
  private List<String> ofEpochs(ScaleTarget target, ScaleCell cell) {
    ScaleTarget.Search search = target.search();
    Predicate<List<Metrics>> reaches = more -> search.in(more).isPresent();
    ScaleJob pilot = runs.pilot(cell, ScaleKeys.ofAllEpochs(), reaches);
    String cut = runs.grid().cut(cell).name();
    say("finding out when %s reaches %s".formatted(cut, target));
    runs.make(
        pilot,
        there ->
            ScaleRuns.isFinished(there)
                || target.search().in(ScaleRuns.metrics(pilot)).isPresent());
    Metrics.Evaluation reached =
        target
            .search()
            .in(ScaleRuns.metrics(pilot))
            .orElseThrow(() -> missed(target, cell, pilot.folder()));
    say("%s reaches %s after %s".formatted(cut, target, Figures.count(reached.epoch(), "epoch")));
    List<String> length = new ArrayList<>(ScaleKeys.ofEpochs(reached.epoch(), reached.step()));
    scheduleOf(pilot, reached).ifPresent(length::add);
    return length;
  }

  private ScaleException missed(ScaleTarget target, ScaleCell cell, Path pilot) {
    return new ScaleException(
        "%s: %s was not reached within %s, see %s; name another --until, or more epochs by --set train.epochs and another --out"
            .formatted(cell.name(), target, Figures.count(runs.grid().epochs(), "epoch"), pilot));
  }

  /**
   * A learning rate that goes on over the whole run goes on over that of the pilot, in those that
   * are shorter, too: they are to do the same steps.
   */
  private Optional<String> scheduleOf(ScaleJob pilot, Metrics.Evaluation reached) {
    Configuration whole = runs.configuration(pilot);
    long steps = reached.step() / reached.epoch() * whole.train().epochs();
    long wave = Math.max(1, steps - whole.schedule().warmupSteps());
    return whole.schedule().totalSteps().isPresent()
        ? Optional.empty()
        : Optional.of("schedule.totalSteps=" + wave);
  }

  private void say(String line) {
    terminal.out().println(line);
  }
}
