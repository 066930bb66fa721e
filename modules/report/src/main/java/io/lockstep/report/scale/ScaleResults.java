package io.lockstep.report.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Json;
import io.lockstep.model.Machine;
import io.lockstep.model.StepParts;
import io.lockstep.report.Distribution;
import io.lockstep.report.scale.ScaleRun.Cut;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * All runs of a scaling experiment: the content of {@code scale.json}.
 *
 * @param setup what they have in common
 * @param runs in the order in which they ran
 */
public record ScaleResults(Setup setup, List<ScaleRun> runs) {

  /**
   * What runs have in common.
   *
   * @param network name of the configuration
   * @param mode what stays the same when there are more workers
   * @param target what was to be reached, such as {@code accuracy=0.97}; null for nothing
   * @param command the command line
   * @param machine what they ran on
   * @param build what ran
   * @param deployment where; null if that is not known
   */
  public record Setup(
      String network,
      ScaleMode mode,
      String target,
      String command,
      Machine machine,
      BuildInfo build,
      Deployment deployment) {}

  /** Keeps a copy. */
  public ScaleResults {
    runs = List.copyOf(runs);
  }

  /** By batch, then servers, then workers. */
  public List<ScaleCell> cells() {
    return runs.stream()
        .map(ScaleRun::cell)
        .distinct()
        .sorted(
            Comparator.comparingInt(setup.mode()::batch)
                .thenComparingInt(ScaleCell::servers)
                .thenComparingInt(ScaleCell::workers))
        .toList();
  }

  /** Cells that differ in their workers only, in the order of {@link #cells}. */
  public List<List<ScaleCell>> series() {
    Map<List<Integer>, List<ScaleCell>> series =
        cells().stream()
            .collect(
                Collectors.groupingBy(
                    cell -> List.of(setup.mode().batch(cell), cell.servers()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return List.copyOf(series.values());
  }

  /** Of the steady rates of a cell's runs, in rows a second. */
  public Distribution rate(ScaleCell cell) {
    return distribution(cell, run -> run.rate().rowsPerSecond());
  }

  /** Of the mean times of a step of a cell's runs, in milliseconds. */
  public Distribution stepMs(ScaleCell cell) {
    return distribution(cell, run -> run.rate().stepMs());
  }

  /** Of the seconds that a cell's runs needed to reach the target; of nothing without one. */
  public Distribution secondsToTarget(ScaleCell cell) {
    return distribution(
        cell,
        run -> run.end().secondsToTarget() == null ? Double.NaN : run.end().secondsToTarget());
  }

  private Distribution distribution(ScaleCell cell, ToDoubleFunction<ScaleRun> figure) {
    return Distribution.of(of(cell).stream().map(figure::applyAsDouble).toList());
  }

  /** Pieces that steps of a cell's runs were cut into, without repetition; 0: not known. */
  public List<Integer> microBatches(ScaleCell cell) {
    return of(cell).stream().map(ScaleRun::microBatches).distinct().toList();
  }

  private List<ScaleRun> of(ScaleCell cell) {
    return runs.stream().filter(run -> run.cell().equals(cell)).toList();
  }

  /**
   * Where the time of a step goes, in that run of a cell whose step is the median, or in the mean
   * of the two in the middle: with {@link #otherMs} these add up to {@link #stepMs}. Null if it was
   * not measured.
   */
  public StepParts parts(ScaleCell cell) {
    List<ScaleRun> middle = middle(cell);
    return middle.stream().anyMatch(run -> run.parts() == null)
        ? null
        : middle.getFirst().parts().plus(middle.getLast().parts()).over(2);
  }

  /** What of {@link #stepMs} is none of the {@link #parts}, in milliseconds. */
  double otherMs(ScaleCell cell) {
    StepParts parts = parts(cell);
    return parts == null ? 0 : Math.max(0, stepMs(cell).median() - parts.total());
  }

  /** The run whose step is the median, or the two of whose steps it is the mean. */
  private List<ScaleRun> middle(ScaleCell cell) {
    List<ScaleRun> sorted =
        of(cell).stream().sorted(Comparator.comparingDouble(run -> run.rate().stepMs())).toList();
    return sorted.subList((sorted.size() - 1) / 2, sorted.size() / 2 + 1);
  }

  /** The cell with the fewest workers of those that it is compared with. */
  public ScaleCell base(ScaleCell cell) {
    return cells().stream()
        .filter(other -> setup.mode().comparable(cell, other))
        .min(Comparator.comparingInt(ScaleCell::workers))
        .orElse(cell);
  }

  /** Whether nobody works alone somewhere, so that speed-ups against one worker are a guess. */
  public boolean extrapolates() {
    return cells().stream().anyMatch(cell -> base(cell).workers() > 1);
  }

  /** The fastest cell of those with more workers than they are compared with. */
  public Optional<ScaleCell> fastest() {
    return cells().stream()
        .filter(cell -> !base(cell).equals(cell))
        .max(Comparator.comparingDouble(cell -> rate(cell).median()));
  }

  /**
   * How many times as fast as one worker: the ratio of the median rates to that of the smallest
   * cell it is compared with, times the workers of that one, as if those were ideal (see {@link
   * #extrapolates}).
   */
  public double speedUp(ScaleCell cell) {
    return speedUp(cell, rate(cell).median());
  }

  private double speedUp(ScaleCell cell, double rate) {
    ScaleCell base = base(cell);
    return rate / rate(base).median() * base.workers();
  }

  /** The speed-up by the number of workers: 1 is ideal. */
  public double idealShare(ScaleCell cell) {
    return speedUp(cell) / cell.workers();
  }

  /** The same of each run. */
  public Distribution efficiency(ScaleCell cell) {
    return distribution(cell, run -> speedUp(cell, run.rate().rowsPerSecond()) / cell.workers());
  }

  /**
   * The hashes of weights that should be one but are not, each with the cells it was found in; by
   * what has the same weights. Empty where all that should be equal are.
   */
  public Map<Cut, Map<String, List<ScaleCell>>> unequalWeights() {
    Map<Cut, Map<String, List<ScaleCell>>> unequal = new LinkedHashMap<>();
    byCut()
        .forEach(
            (cut, same) -> {
              Map<String, List<ScaleCell>> found = byWeights(same);
              if (found.size() > 1) {
                unequal.put(cut, found);
              }
            });
    return unequal;
  }

  /** Whether there are two runs that should have the same weights. */
  public boolean comparesWeights() {
    return byCut().values().stream().anyMatch(same -> same.size() > 1);
  }

  /** Runs that should have the same weights; by batch, then by the number of pieces. */
  private Map<Cut, List<ScaleRun>> byCut() {
    return runs.stream()
        .collect(
            Collectors.groupingBy(
                ScaleRun::cut,
                () ->
                    new TreeMap<>(
                        Comparator.comparingInt(Cut::batch).thenComparingInt(Cut::microBatches)),
                Collectors.toList()));
  }

  private static Map<String, List<ScaleCell>> byWeights(List<ScaleRun> same) {
    return same.stream()
        .collect(
            Collectors.groupingBy(
                run -> run.end().weightsSha256(),
                LinkedHashMap::new,
                Collectors.mapping(
                    ScaleRun::cell,
                    Collectors.collectingAndThen(
                        Collectors.toList(), cells -> cells.stream().distinct().toList()))));
  }

  /** As indented JSON, with a newline at the end. */
  public String toJson() {
    return Json.indented(this) + "\n";
  }

  /**
   * Reads the content of {@code scale.json}.
   *
   * @throws JsonProcessingException if it is none
   */
  public static ScaleResults of(String json) throws JsonProcessingException {
    return Json.read(json, ScaleResults.class);
  }
}
