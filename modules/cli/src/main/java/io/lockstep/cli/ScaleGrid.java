package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.Jar;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.training.MicroBatches;
import java.util.ArrayList;
import java.util.List;

/**
 * All combinations of what a scaling experiment varies.
 *
 * @param conf the configuration, as the command's argument
 * @param overrides the user's, each {@code key=value}
 * @param jars with layers of the user's own
 * @param mode what stays the same when there are more workers
 * @param axes what is varied
 */
record ScaleGrid(String conf, List<String> overrides, List<Jar> jars, ScaleMode mode, Axes axes) {

  /**
   * The values of what is varied.
   *
   * @param batches rows of a step, of each worker in a weak experiment; empty: as configured
   */
  record Axes(List<Integer> workers, List<Integer> servers, List<Integer> batches) {}

  /** The cells, workers changing fastest. */
  List<ScaleCell> cells() {
    List<Integer> batches =
        axes.batches().isEmpty() ? List.of(plain(List.of()).train().batch()) : axes.batches();
    List<ScaleCell> cells = new ArrayList<>();
    for (int batch : batches) {
      for (int servers : axes.servers()) {
        for (int workers : axes.workers()) {
          cells.add(new ScaleCell(workers, servers, rows(batch, workers)));
        }
      }
    }
    return List.copyOf(cells);
  }

  private int rows(int batch, int workers) {
    long rows = mode == ScaleMode.WEAK ? (long) batch * workers : batch;
    if (rows > Integer.MAX_VALUE) {
      throw new BadInputException(
          "--batch: expected at most %s of all workers together but found %s of each of %d"
              .formatted(Figures.count(Integer.MAX_VALUE, "row"), Figures.count(batch), workers));
    }
    return (int) rows;
  }

  private Configuration plain(List<String> more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    return Configurations.load(conf, Overrides.of(all), jars);
  }

  /** Name of the configuration. */
  String name() {
    return plain(List.of()).name();
  }

  /** How often each row is seen by the configuration. */
  int epochs() {
    return plain(List.of()).train().epochs();
  }

  /** What a cell has that the configuration has not, each {@code key=value}. */
  List<String> settings(ScaleCell cell) {
    List<String> settings = new ArrayList<>(overrides);
    settings.addAll(ScaleKeys.OF_ALL);
    settings.add("train.batch=" + cell.batch());
    if (mode == ScaleMode.WEAK) {
      settings.add("train.microBatches=" + microBatchesOfWorker(cell) * cell.workers());
    }
    return settings;
  }

  /** How the rows of a cell's steps are added up. */
  ScaleRun.Cut cut(ScaleCell cell) {
    int microBatches = configuration(cell, settings(cell)).train().microBatches();
    return new ScaleRun.Cut(cell.batch(), microBatches);
  }

  private int microBatchesOfWorker(ScaleCell cell) {
    return plain(List.of("train.batch=" + cell.batch() / cell.workers())).train().microBatches();
  }

  /**
   * The configuration of a run.
   *
   * @throws io.lockstep.config.ConfigurationException if there is none
   */
  Configuration configuration(ScaleCell cell, List<String> settings) {
    Overrides all =
        Overrides.of(settings)
            .with("cluster.workers", cell.workers(), "--workers " + cell.workers())
            .with("cluster.servers", cell.servers(), "--servers " + cell.servers());
    return Configurations.load(conf, all, jars);
  }

  /** What keeps cells from being as fast as they might, for people to know before. */
  List<String> remarks(int cores) {
    List<String> remarks = new ArrayList<>();
    for (ScaleCell cell : cells()) {
      Configuration run = configuration(cell, settings(cell));
      MicroBatches cut = new MicroBatches(cell.batch(), run.train().microBatches());
      int pieces = cut.leaves(cell.batch());
      if (cell.workers() > pieces) {
        remarks.add(
            "%s: %s to do, so %d of %d workers have work; more by --batch, or --set train.microBatches"
                .formatted(cell.name(), Figures.microBatches(pieces), pieces, cell.workers()));
      }
    }
    int most = axes.workers().stream().mapToInt(Integer::intValue).max().orElse(1);
    if (most > cores) {
      remarks.add(
          "this machine has %s for up to %s: it cannot show how more than those would scale"
              .formatted(Figures.count(cores, "core"), Figures.count(most, "worker")));
    }
    return remarks;
  }
}
