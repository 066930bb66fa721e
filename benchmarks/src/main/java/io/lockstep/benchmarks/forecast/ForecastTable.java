package io.lockstep.benchmarks.forecast;

import io.lockstep.kernels.Kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Forecasts beside what is measured: predictions are written down first, by {@code predict}; {@code
 * measure} adds what runs show, {@code crosscheck} what the kernel's own links do.
 */
public final class ForecastTable {

  private static final String USAGE =
      "usage: benchmarks/run forecast predict|measure|crosscheck [--only REGEX] [--rounds N] [FILE]";

  private static final int ROUNDS = 1;

  /** On fewer nodes, without latency: the kernel here shapes rates alone. */
  private static final List<Integer> CROSS_CHECKED_NODES = List.of(2, 4);

  private final Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
  private final ForecastResults results;
  private final Path file;
  private final Pattern only;
  private final int rounds;

  private ForecastTable(Deque<String> words) throws IOException {
    this.only = Pattern.compile(option(words, "--only", ""));
    this.rounds = Integer.parseInt(option(words, "--rounds", "" + ROUNDS));
    if (words.stream().anyMatch(word -> word.startsWith("-"))) {
      throw new IllegalArgumentException("forecast: found " + words + "; " + USAGE);
    }
    Path usual = Path.of(System.getProperty("lockstep.home"), "benchmarks", "FORECAST.md");
    this.file = words.isEmpty() ? usual : Path.of(words.poll());
    String name = file.toString().replaceFirst("\\.md$", "");
    this.results = ForecastResults.read(Path.of(name + ".json"));
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("forecast: found " + words + "; " + USAGE);
    }
  }

  private static String option(Deque<String> words, String name, String usual) {
    List<String> all = new ArrayList<>(words);
    int at = all.indexOf(name);
    if (at < 0 || at + 1 == all.size()) {
      return usual;
    }
    words.remove(all.get(at));
    words.remove(all.get(at + 1));
    return all.get(at + 1);
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Deque<String> words = new ArrayDeque<>(List.of(arguments));
    String what = words.isEmpty() ? "" : words.poll();
    ForecastTable table = new ForecastTable(words);
    table.kernels.warmUp();
    switch (what) {
      case "predict" -> table.predict();
      case "measure" -> table.measure();
      case "crosscheck" -> table.crossCheck();
      default -> throw new IllegalArgumentException("forecast: found '" + what + "'; " + USAGE);
    }
    new ForecastPage(table.results, table.file, System.out).write();
  }

  private List<Cell> cells() {
    return Cell.all().stream().filter(this::isWanted).toList();
  }

  private boolean isWanted(Cell cell) {
    return only.matcher(cell.name()).find();
  }

  private void predict() throws IOException {
    results.on(machine());
    Predictions predictions = new Predictions(results, kernels);
    for (Cell cell : cells()) {
      results.predicted(cell, predictions.stepMs(cell));
    }
  }

  /** In turn, every other round backwards: what changes with time is in all of them. */
  private void measure() throws Exception {
    results.on(machine());
    warmUp();
    for (int round = 0; round < rounds; round++) {
      List<Cell> cells = round % 2 == 0 ? cells() : cells().reversed();
      for (Cell cell : cells) {
        Measured measured = measured(cell);
        results.measured(cell, measured);
        System.out.printf(
            Locale.ROOT,
            "round %d  %-16s %8.3f ms (mean %.3f), %d steps, %.2f cores%n",
            round + 1,
            cell.name(),
            measured.stepMs(),
            measured.meanMs(),
            measured.steps(),
            measured.cores());
      }
    }
  }

  /** The JIT compiler's work, once for all. */
  private void warmUp() throws Exception {
    if (cells().stream().anyMatch(Cell::isEmulated)) {
      for (ForecastNetwork network : ForecastNetwork.values()) {
        emulated(new Cell(network, 4, 1, 1_000, 1));
      }
    }
  }

  private Measured measured(Cell cell) throws Exception {
    return cell.isEmulated() ? emulated(cell) : CommandRun.ofProcesses(cell);
  }

  private Measured emulated(Cell cell) throws Exception {
    LayerTimes times = results.replayed(cell.network(), kernels);
    return EmulatedRun.measure(cell, cell.network().replayed(times), cell.shape(), kernels);
  }

  private void crossCheck() throws Exception {
    results.on(machine());
    warmUp();
    for (ForecastNetwork network : ForecastNetwork.values()) {
      for (int nodes : CROSS_CHECKED_NODES) {
        for (int mbit : new int[] {100, 1_000}) {
          Cell cell = new Cell(network, nodes, 1, mbit, 0);
          if (isWanted(cell)) {
            crossCheck(cell);
          }
        }
      }
    }
  }

  private void crossCheck(Cell cell) throws Exception {
    double shaped = emulated(cell).stepMs();
    LayerTimes times = results.replayed(cell.network(), kernels);
    double namespaces = NamespaceRun.measure(cell, times).stepMs();
    results.crossChecked(new ForecastResults.CrossCheck(cell, shaped, namespaces));
    System.out.printf(
        Locale.ROOT, "%s: shaped %.3f ms, namespaces %.3f ms%n", cell.name(), shaped, namespaces);
  }

  private static Map<String, String> machine() throws IOException {
    Map<String, String> machine = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
      String cpu =
          lines.filter(line -> line.startsWith("model name")).findFirst().orElse("unknown");
      machine.put("CPU", cpu.replaceFirst(".*: *", ""));
    }
    machine.put("cores", "" + Runtime.getRuntime().availableProcessors());
    machine.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
    machine.put("waits", ForecastResults.SLOWER + " times as long as the layers compute");
    machine.put("when", LocalDate.now(ZoneOffset.UTC).toString());
    return machine;
  }
}
