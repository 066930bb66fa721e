package io.lockstep.benchmarks.forecast;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lockstep.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Predictions, and what has been measured since: kept in a file, written after each cell. */
final class ForecastResults {

  /**
   * How many times as long as the real layers the emulated ones take: sixteen nodes with real
   * frames need two cores for those, and what they compute for a second is not to be shorter than
   * what threads are late.
   */
  static final int SLOWER = 10;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Of one cell.
   *
   * @param predictedMs of a step; null if it was not predicted
   * @param measured one for each round
   */
  record OfCell(Cell cell, Double predictedMs, List<Measured> measured) {}

  /**
   * The same machines by shaped links, and by network namespaces and the kernel's own shaping.
   *
   * @param cell without latency
   * @param shapedMs median time of a step
   * @param namespacesMs median time of a step
   */
  record CrossCheck(Cell cell, double shapedMs, double namespacesMs) {}

  @JsonIgnore private Path file;
  @JsonProperty private Map<String, String> machine = Map.of();

  @JsonProperty
  private Map<ForecastNetwork, LayerTimes> times = new EnumMap<>(ForecastNetwork.class);

  @JsonProperty private List<OfCell> cells = new ArrayList<>();
  @JsonProperty private List<CrossCheck> crossChecks = new ArrayList<>();

  private ForecastResults() {}

  /** Those of the file; none if there is no such file. */
  static ForecastResults read(Path file) throws IOException {
    ForecastResults results =
        Files.exists(file)
            ? JSON.readValue(file.toFile(), ForecastResults.class)
            : new ForecastResults();
    results.file = file;
    return results;
  }

  List<OfCell> cells() {
    return cells;
  }

  List<CrossCheck> crossChecks() {
    return crossChecks;
  }

  Map<String, String> machine() {
    return machine;
  }

  Map<ForecastNetwork, LayerTimes> times() {
    return times;
  }

  /** Where and when all that follows is measured. */
  void on(Map<String, String> where) throws IOException {
    machine = where;
    write();
  }

  /**
   * For how long the emulated layers of a network wait: {@value #SLOWER} times as long as the real
   * ones compute, which is measured once.
   */
  LayerTimes replayed(ForecastNetwork network, Kernels kernels) {
    int leafRows = network.microBatches(1).leafRows();
    return times
        .computeIfAbsent(network, n -> LayerTimes.measure(n.real(), kernels, n.rows(), leafRows))
        .times(SLOWER);
  }

  /** Forgets what was measured: it was not predicted by this. */
  void predicted(Cell cell, double stepMs) throws IOException {
    cells.removeIf(one -> one.cell().equals(cell));
    cells.add(new OfCell(cell, stepMs, List.of()));
    write();
  }

  void measured(Cell cell, Measured measured) throws IOException {
    OfCell before = of(cell);
    List<Measured> rounds = new ArrayList<>(before.measured());
    rounds.add(measured);
    OfCell after = new OfCell(cell, before.predictedMs(), rounds);
    if (cells.contains(before)) {
      cells.set(cells.indexOf(before), after);
    } else {
      cells.add(after);
    }
    write();
  }

  private OfCell of(Cell cell) {
    return cells.stream()
        .filter(one -> one.cell().equals(cell))
        .findFirst()
        .orElseGet(() -> new OfCell(cell, null, List.of()));
  }

  void crossChecked(CrossCheck check) throws IOException {
    crossChecks.removeIf(one -> one.cell().equals(check.cell()));
    crossChecks.add(check);
    write();
  }

  private void write() throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
