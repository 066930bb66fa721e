package io.lockstep.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long training stands when a worker's process is killed, and whether that costs a bit: a
 * parameter server and workers that are started by hand, as on several machines, so that no
 * launcher knows of their ends. The oldest worker is killed with signal 9; when another one has
 * joined in its place, the next is killed. Then the same number of steps once more in one JVM,
 * where nothing dies.
 *
 * <p>Standing is the longest time between two steps around the kill, as the leading shard counts
 * them: it holds the rest of the step that the kill broke off, its being noticed, and the computing
 * of what the dead worker left open.
 */
public final class RecoveryTable {

  private static final int WORKERS = 3;
  private static final long LIMIT_SECONDS = 120;
  private static final long WATCHED_SECONDS = 3;
  private static final Pattern ADDRESS = Pattern.compile("control (\\S+),");
  private static final Pattern STEP =
      Pattern.compile("\"event\":\"step\",\"step\":([0-9]+).*\"seconds\":([0-9.E-]+)");
  private static final Pattern SHA = Pattern.compile("sha256 ([0-9a-f]{64})");

  private final Path home = Path.of(System.getProperty("lockstep.home"));
  private final Path folder = Files.createTempDirectory("lockstep-recovery-");
  private final BenchmarkNetwork net;
  private final Deque<Process> workers = new ArrayDeque<>();
  private final List<Process> started = new ArrayList<>();
  private String control;
  private int lastWorker;

  private RecoveryTable(BenchmarkNetwork net) throws IOException {
    this.net = net;
  }

  /**
   * @param arguments network (W1 to W4), number of kills
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments.length > 0 ? arguments[0] : "W1");
    int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    RecoveryTable table = new RecoveryTable(net);
    try {
      table.measure(kills);
    } finally {
      table.started.forEach(Process::destroyForcibly);
    }
  }

  private void measure(int kills) throws IOException, InterruptedException {
    run(List.of("key", key())).waitFor();
    Process server = run(node("server", "parameter-server", List.of()));
    control = awaited(server.inputReader(), ADDRESS).group(1);
    for (int i = 0; i < WORKERS; i++) {
      addWorker();
    }
    Process training =
        run(
            List.of(
                "train",
                configuration(),
                "--join",
                control,
                "--key",
                key(),
                "--workers",
                "" + WORKERS,
                "--json",
                "--out",
                folder.resolve("run").toString()));
    BlockingQueue<String> told = lines(training);
    List<Double> standing = new ArrayList<>();
    awaited(told, "\"event\":\"step\"");
    for (int kill = 1; kill <= kills; kill++) {
      standing.add(kill(told));
      System.out.printf(Locale.ROOT, "kill %d: %.3f s%n", kill, standing.getLast());
      addWorker();
      awaited(told, "\"event\":\"joined\"");
    }
    training.toHandle().destroy(); // As a scheduler asks to: it keeps what it has.
    String end = awaited(told, "\"event\":\"end\"");
    long steps = Long.parseLong(field(end, "steps"));
    String disturbed = field(end, "weightsSha256");
    String undisturbed = undisturbed(steps);
    System.out.printf(
        Locale.ROOT,
        "%s, %d workers, %d kills in %,d steps: standing %.3f s in the median, %.3f s at most;"
            + " weights %s (%s)%n",
        net,
        WORKERS,
        kills,
        steps,
        Medians.of(standing),
        standing.stream().max(Double::compare).orElse(0.0),
        disturbed.equals(undisturbed) ? "as in one JVM" : "NOT THE SAME AS IN ONE JVM",
        disturbed.substring(0, 12));
  }

  private String key() {
    return folder.resolve("key").toString();
  }

  private static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"?([0-9a-f]+)").matcher(json);
    if (!found.find()) {
      throw new IllegalStateException("no " + name + " in " + json);
    }
    return found.group(1);
  }

  /** Kills the oldest worker; returns the longest time between two steps around that. */
  private double kill(BlockingQueue<String> told) throws InterruptedException {
    TimeUnit.SECONDS.sleep(1); // So that every worker computes.
    told.clear();
    workers.removeFirst().destroyForcibly();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHED_SECONDS);
    double last = Double.NaN;
    double longest = 0;
    while (System.nanoTime() < deadline) {
      String line = told.poll(100, TimeUnit.MILLISECONDS);
      Matcher step = STEP.matcher(line == null ? "" : line);
      if (step.find()) {
        double seconds = Double.parseDouble(step.group(2));
        longest = Double.isNaN(last) ? longest : Math.max(longest, seconds - last);
        last = seconds;
      }
    }
    if (longest == 0) {
      throw new IllegalStateException("no step within " + WATCHED_SECONDS + " s after a kill");
    }
    return longest;
  }

  private void addWorker() throws IOException, InterruptedException {
    String name = "worker-" + lastWorker++;
    Process worker = run(node(name, "worker", List.of("--join", control)));
    awaited(worker.inputReader(), ADDRESS);
    workers.addLast(worker);
  }

  private List<String> node(String name, String role, List<String> more) {
    List<String> words = new ArrayList<>(List.of("node", "--name", name, "--role", role));
    words.addAll(List.of("--bind", "127.0.0.1", "--port", "0", "--data-port", "0"));
    words.addAll(List.of("--key", key()));
    words.addAll(more);
    return words;
  }

  private String undisturbed(long steps) throws IOException, InterruptedException {
    Process once =
        run(
            List.of(
                "train",
                configuration(),
                "--workers",
                "1",
                "--quiet",
                "--set",
                "train.maxSteps=" + steps,
                "--out",
                folder.resolve("again").toString()));
    return awaited(once.inputReader(), SHA).group(1);
  }

  private String configuration() throws IOException {
    return CommandRuns.write(
        folder.resolve("recovery.conf"), net, WORKERS * net.batch(), "reportEvery = 1");
  }

  private Process run(List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(home.resolve("bin/lockstep").toString()));
    words.addAll(arguments);
    Path errors = folder.resolve("errors-" + started.size() + ".log");
    Process process = new ProcessBuilder(words).redirectError(errors.toFile()).start();
    started.add(process);
    return process;
  }

  private static BlockingQueue<String> lines(Process process) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
    return lines;
  }

  private static String awaited(BlockingQueue<String> told, String part)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < deadline) {
      String line = told.poll(1, TimeUnit.SECONDS);
      if (line != null && line.contains(part)) {
        return line;
      }
    }
    throw new IllegalStateException("expected " + part + " within " + LIMIT_SECONDS + " s");
  }

  private static Matcher awaited(BufferedReader from, Pattern pattern) throws IOException {
    for (String line = from.readLine(); line != null; line = from.readLine()) {
      Matcher found = pattern.matcher(line);
      if (found.find()) {
        return found;
      }
    }
    throw new IllegalStateException("expected " + pattern + ", but the program ended");
  }
}
