package io.lockstep.cluster.launch;

import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeFault;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The process of one node, or of the ssh that it runs under on another host. Its output goes
 * straight into a file and not through this process: it never waits for its launcher, and its last
 * words are kept when the launcher is gone.
 *
 * <p>Owned by {@link NodeProcesses}; thread-safe.
 */
final class NodeProcess {

  /**
   * Ctrl-C reaches all processes of a terminal; only the launcher acts on it, and ends the rest.
   */
  private static final List<String> DEAF =
      List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "lockstep-node");

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final int LAST_LINES = 12;

  private final String name;
  private final Process process;
  private final NodeLog log;
  private final Writer leash;
  private final CompletableFuture<NodeAddresses> ready = new CompletableFuture<>();
  private final CompletableFuture<NodeExit> exited;
  private volatile boolean paused;

  private NodeProcess(String name, Process process, NodeLog log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.leash = process.outputWriter();
    this.exited = process.onExit().thenApply(ended -> exit());
    Thread.ofVirtual().name("log of " + name).start(this::awaitReady);
  }

  static NodeProcess start(NodeCommandLine start, Path logs) {
    NodeLog log = new NodeLog(logs.resolve(start.name() + ".log"));
    List<String> command = new ArrayList<>(DEAF);
    command.addAll(start.words());
    File file = log.file().toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file);
    builder.environment().putAll(start.environment());
    try {
      return new NodeProcess(start.name(), builder.start(), log);
    } catch (IOException failure) {
      throw new LaunchException(
          "node %s cannot be started: %s".formatted(start.name(), failure.getMessage()), failure);
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Path log() {
    return log.file();
  }

  /** The last lines of its log, each indented on a new line. */
  String lastLines() {
    return NodeExit.indented(log.last(LAST_LINES));
  }

  /** Says something to the node; whether it is gone is told by {@link #exited}. */
  void say(String line) {
    try {
      leash.write(line + "\n");
      leash.flush();
    } catch (IOException gone) {
      return;
    }
  }

  /** Completes when it listens; exceptionally if it ends before. */
  CompletableFuture<NodeAddresses> ready() {
    return ready;
  }

  /** Completes when it has ended. */
  CompletableFuture<NodeExit> exited() {
    return exited;
  }

  private NodeExit exit() {
    return new NodeExit(name, process.exitValue(), log.file(), log.last(LAST_LINES));
  }

  private void awaitReady() {
    try {
      Optional<NodeAddresses> found = log.find(NodeAddresses::parse);
      while (found.isEmpty() && !process.waitFor(LOOK_EVERY)) {
        found = log.find(NodeAddresses::parse);
      }
      found.ifPresentOrElse(
          ready::complete,
          () -> ready.completeExceptionally(new LaunchException(exit().describe())));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of the leash: the node ends by itself. */
  void askToEnd() {
    goOn();
    try {
      leash.close();
    } catch (IOException gone) {
      return;
    }
  }

  void terminate() {
    process.toHandle().destroy();
  }

  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Has a failure happen to the node, which it makes itself: so it is the same on any host. */
  void suffer(NodeFault fault) {
    goOn();
    paused = fault instanceof NodeFault.Pause;
    say(Leash.faultLine(fault));
  }

  /** Else it would hear nothing; a process on another host hears it when its pause is over. */
  private void goOn() {
    if (!paused) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-CONT", Long.toString(process.pid()))
          .redirectErrorStream(true)
          .start();
    } catch (IOException failure) {
      throw new LaunchException(
          "node %s cannot be sent SIGCONT: %s".formatted(name, failure.getMessage()), failure);
    }
  }

  /** Whether it has ended by the given time. */
  boolean awaitExit(long deadlineNanos) throws InterruptedException {
    return process.waitFor(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
