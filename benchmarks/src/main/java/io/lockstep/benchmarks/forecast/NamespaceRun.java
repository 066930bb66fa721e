package io.lockstep.benchmarks.forecast;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The same machines as of an {@link EmulatedRun}, but each a process of its own in a network
 * namespace, with the kernel's TCP and links that the kernel shapes: so it is seen whether shaped
 * links are like links.
 */
final class NamespaceRun implements AutoCloseable {

  private static final String PORT = "7355";
  private static final long LIMIT_SECONDS = 120;
  private static final long POLL_MILLIS = 100;

  /** As many JVMs as machines, that compile at first. */
  private static final int TRAINING_SECONDS = 40;

  private final String prefix = "lf-" + ProcessHandle.current().pid();
  private final Path folder = Files.createTempDirectory("lockstep-namespaces-");
  private final Path key = folder.resolve("key");
  private final List<Process> started = new ArrayList<>();
  private final Process machines;

  private NamespaceRun(Cell cell) throws IOException {
    String script =
        Path.of(System.getProperty("lockstep.home")).resolve("benchmarks/namespaces").toString();
    int count = cell.servers() + cell.nodes();
    this.machines =
        new ProcessBuilder("bash", script, prefix, "" + count, "" + cell.mbit())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = machines.inputReader();
    String line = said.readLine();
    if (!"ready".equals(line)) {
      throw new IllegalStateException(line);
    }
  }

  /**
   * Trains for {@value #TRAINING_SECONDS} s.
   *
   * @throws IllegalStateException if this machine has no namespaces for this user
   */
  static Measured measure(Cell cell, LayerTimes times) throws Exception {
    try (NamespaceRun run = new NamespaceRun(cell)) {
      return run.train(cell, times);
    }
  }

  private Measured train(Cell cell, LayerTimes times) throws Exception {
    CommandRun.finish(List.of(CommandRun.command(), "key", key.toString()), log("key"));
    node(0, "server-0", "parameter-server", List.of("--port=" + PORT));
    String seed = "--join=10.78.0.1:" + PORT;
    for (int i = 1; i < cell.servers(); i++) {
      node(i, "server-" + i, "parameter-server", List.of(seed));
    }
    for (int i = 0; i < cell.nodes(); i++) {
      node(cell.servers() + i, "worker-" + i, "worker", List.of(seed));
    }
    Path conf = folder.resolve("run.conf");
    Files.writeString(conf, cell.network().configuration(times, cell.nodes(), TRAINING_SECONDS));
    List<String> words = new ArrayList<>(List.of("train", conf.toString(), seed));
    words.addAll(List.of("--workers=" + cell.nodes(), "--servers=" + cell.servers()));
    words.addAll(List.of("--quiet", "--key=" + key, "--jar=" + jar()));
    words.addAll(List.of("--set=cluster.standbys=0", "--out=" + folder.resolve("run")));
    CommandRun.finish(on(0, words), log("train"));
    return CommandRun.steps(folder.resolve("run"));
  }

  private void node(int machine, String name, String role, List<String> options)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("node", "--name=" + name, "--role=" + role));
    words.addAll(List.of("--transport=tcp", "--key=" + key));
    words.addAll(options);
    Path log = log(name);
    started.add(
        new ProcessBuilder(on(machine, words))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
    awaitSaid(log, "node " + name + ": control");
  }

  private void awaitSaid(Path log, String words) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Files.readString(log).contains(words)) {
      if (!started.getLast().isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "expected a node that says '%s', found: %s".formatted(words, Files.readString(log)));
      }
      Thread.sleep(POLL_MILLIS); // Its output is a file: nothing tells that it has grown.
    }
  }

  private List<String> on(int machine, List<String> words) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", prefix + "-" + machine));
    all.add(CommandRun.command());
    all.addAll(words);
    return all;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** The layer that waits, for those who do not have it. */
  private Path jar() throws IOException {
    Path jar = folder.resolve("replay.jar");
    String entry = ReplayLayer.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        InputStream in = ReplayLayer.class.getResourceAsStream("/" + entry)) {
      entries.putNextEntry(new JarEntry(entry));
      in.transferTo(entries);
    }
    return jar;
  }

  /** Kills all that runs on the machines, and removes them. */
  @Override
  public void close() throws IOException, InterruptedException {
    started.forEach(Process::destroy);
    machines.getOutputStream().close();
    machines.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
