package io.lockstep.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The command with many workers in one JVM, or with a large network: rows/s and steps a minute of
 * the last third of the run, and the most memory that each process ever had resident, as Linux
 * counts it ({@code VmHWM}).
 *
 * <p>Arguments: hidden units such as {@code 512-256}; {@code train} for one process, or {@code
 * launch} for worker processes and a parameter-server process; rows of a step, {@code 128} of each
 * worker or {@code =512} of all; seconds; numbers of workers.
 */
public final class CrowdTable {

  private static final long POLL_MILLIS = 100;
  private static final double BYTES_PER_MB = 1e6;
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");
  private static final Pattern STEP =
      Pattern.compile("\"event\":\"step\",\"step\":([0-9]+).*\"seconds\":([0-9.E-]+)");

  private final String hidden;
  private final String command;
  private final String rows;
  private final int seconds;
  private final CommandProcesses processes;

  private CrowdTable(String[] args, CommandProcesses processes) {
    this.hidden = args[0];
    this.command = args[1];
    this.rows = args[2];
    this.seconds = Integer.parseInt(args[3]);
    this.processes = processes;
  }

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.out.printf(
        "%8s %8s %10s %13s  %s%n", "workers", "rows", "rows/s", "steps/minute", "peak MB");
    for (String workers : Arrays.copyOfRange(args, 4, args.length)) {
      try (CommandProcesses processes = new CommandProcesses()) {
        new CrowdTable(args, processes).run(Integer.parseInt(workers));
      }
    }
  }

  private void run(int workers) throws IOException, InterruptedException {
    int batch =
        rows.startsWith("=")
            ? Integer.parseInt(rows.substring(1))
            : Integer.parseInt(rows) * workers;
    List<String> words = new ArrayList<>(List.of(command, configuration(batch)));
    words.addAll(List.of("--workers", "" + workers, "--quiet"));
    words.addAll(List.of("--out", processes.file("run").toString()));
    if (command.equals("launch")) {
      words.addAll(List.of("--servers", "1", "--set", "cluster.standbys=0"));
    }
    Process process = processes.start(words);
    Map<Long, Peak> peaks = new TreeMap<>();
    while (process.isAlive()) {
      Stream.concat(Stream.of(process.toHandle()), process.descendants())
          .forEach(found -> look(found, peaks));
      Thread.sleep(POLL_MILLIS); // Nothing tells when a process has taken more memory.
    }
    double perSecond = stepsPerSecond();
    System.out.printf(
        Locale.ROOT,
        "%8d %8d %10.0f %13.1f  %s%n",
        workers,
        batch,
        perSecond * batch,
        60 * perSecond,
        String.join(", ", peaks.values().stream().map(Peak::toString).toList()));
  }

  private String configuration(int batch) throws IOException {
    StringBuilder layers = new StringBuilder();
    for (String units : hidden.split("-")) {
      layers.append("{ type = dense, units = ").append(units).append(" }, ");
    }
    String text =
        """
        network.layers = [%s]
        optimizer { name = momentum, learningRate = 0.001 }
        train { batch = %d, epochs = 1000000, maxTime = %ds, reportEvery = 1 }
        data { validation = 0, digits { train = 6000, test = 128 } }
        """
            .formatted(layers, batch, seconds);
    return Files.writeString(processes.file("conf"), text).toString();
  }

  /**
   * What a process had resident at most.
   *
   * @param name its role
   */
  private record Peak(String name, double megabytes) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.0f", name, megabytes);
    }
  }

  /** Of the JVMs only: the shell that starts one is small. */
  private static void look(ProcessHandle process, Map<Long, Peak> peaks) {
    try {
      Path of = Path.of("/proc", "" + process.pid());
      List<String> words = List.of(Files.readString(of.resolve("cmdline")).split("\0"));
      Matcher peak = PEAK.matcher(Files.readString(of.resolve("status")));
      int main = words.indexOf("io.lockstep.cli.Main");
      if (main >= 0 && peak.find()) {
        double megabytes = Long.parseLong(peak.group(1)) * 1024 / BYTES_PER_MB;
        peaks.put(process.pid(), new Peak(role(words.subList(main + 1, words.size())), megabytes));
      }
    } catch (IOException ended) {
      // What was seen of it before stays.
    }
  }

  private static String role(List<String> arguments) {
    int name = arguments.indexOf("--name");
    return name < 0 ? arguments.getFirst() : arguments.get(name + 1);
  }

  private double stepsPerSecond() throws IOException {
    List<double[]> steps = new ArrayList<>();
    for (String line : Files.readAllLines(processes.file("run").resolve("metrics.jsonl"))) {
      Matcher step = STEP.matcher(line);
      if (step.find()) {
        steps.add(
            new double[] {Double.parseDouble(step.group(1)), Double.parseDouble(step.group(2))});
      }
    }
    double[] from = steps.get(2 * steps.size() / 3);
    double[] to = steps.getLast();
    return (to[0] - from[0]) / (to[1] - from[1]);
  }
}
