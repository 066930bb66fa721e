package io.lockstep.benchmarks.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.benchmarks.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of the command as users start it, and what its folder tells of its steps. */
final class CommandRun {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 300;

  /** JVMs that share two cores compile for half a minute, and steps get shorter for minutes. */
  private static final int TRAINING_SECONDS = 90;

  /** Of a run's time, its last part is measured. */
  private static final int LAST_OF = 3;

  private CommandRun() {}

  /** Worker processes and a parameter-server process of this machine, that share memory. */
  static Measured ofProcesses(Cell cell) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("lockstep-forecast-");
    Path conf = folder.resolve("run.conf");
    Files.writeString(conf, cell.network().configuration(cell.nodes(), TRAINING_SECONDS));
    List<String> words = new ArrayList<>(List.of(command(), "launch", conf.toString()));
    words.addAll(List.of("--workers", "" + cell.nodes(), "--servers", "" + cell.servers()));
    words.addAll(List.of("--set", "cluster.standbys=0", "--quiet"));
    words.addAll(List.of("--out", folder.resolve("run").toString()));
    finish(words, folder.resolve("log"));
    return steps(folder.resolve("run"));
  }

  /** The command of this checkout. */
  static String command() {
    return Path.of(System.getProperty("lockstep.home")).resolve("bin/lockstep").toString();
  }

  /** Runs it to its end, which must be a good one. */
  static void finish(List<String> words, Path log) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(
            "%s: expected it to end within %d s, found: %s"
                .formatted(String.join(" ", words), LIMIT_SECONDS, Files.readString(log)));
      }
    } finally {
      process.destroy();
    }
  }

  /** The time of steps in the last third of a finished run, when the JIT compiler is done. */
  static Measured steps(Path run) throws IOException {
    List<JsonNode> told = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode event = JSON.readTree(line);
      if (event.path("event").asText().equals("step")) {
        told.add(event);
      }
    }
    List<JsonNode> last = told.subList(told.size() - told.size() / LAST_OF - 1, told.size());
    List<Double> ms = new ArrayList<>();
    for (int i = 1; i < last.size(); i++) {
      ms.add(ms(last.get(i - 1), last.get(i)));
    }
    return new Measured(Spread.median(ms), ms(last.getFirst(), last.getLast()), ms.size(), 0);
  }

  private static double ms(JsonNode from, JsonNode to) {
    double seconds = to.path("seconds").asDouble() - from.path("seconds").asDouble();
    return 1e3 * seconds / (to.path("step").asLong() - from.path("step").asLong());
  }
}
