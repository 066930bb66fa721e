package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.cluster.launch.LaunchPlan;
import io.lockstep.cluster.launch.NodeCommandLine;
import io.lockstep.cluster.launch.NodeExit;
import io.lockstep.cluster.launch.NodeProcesses;
import io.lockstep.cluster.launch.PlannedNode;
import io.lockstep.model.RunSummary;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A launch from its first process to its last: starts them, has them train, and ends them, whatever
 * happens on the way. Used by the main thread, which closes it; signals and ended processes come on
 * threads of their own.
 */
final class LaunchedRun implements AutoCloseable {

  private final Terminal terminal;
  private final Cluster cluster;
  private final LaunchFolder folder;
  private final ClusterKey key = ClusterKey.create();
  private final StopOnSignal signals;
  private volatile Training training;

  /** The node that the run stands still for; empty if it does not. */
  private volatile String awaited = "";

  private volatile boolean stopping;
  private volatile NodeProcesses processes;
  private volatile Cluster.Run run;
  private List<NodeProcesses.Running> running = List.of();
  private final Map<String, NodeAddresses> up = new ConcurrentHashMap<>();
  private final List<NodeExit> endedBeforeRun = new ArrayList<>();
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private int exitCode = ExitCode.FAILURE;

  LaunchedRun(Terminal terminal, Cluster cluster, Training training, LaunchFolder folder) {
    this.terminal = terminal;
    this.cluster = cluster;
    this.folder = folder;
    this.training = training;
    this.signals = new StopOnSignal(this::stop, folder.path(), terminal);
  }

  /** What to train with, as far as it is known before the nodes are there. */
  record Wanted(int workers, int servers, String bind, Transport transport, boolean encrypt) {}

  Path folder() {
    return folder.path();
  }

  /** Whoever waits for a node to start, before the run or in it, waits no longer. */
  private void stop() {
    stopping = true;
    training.stop();
    NodeProcesses started = processes;
    if (started != null) {
      started.cancel();
    }
  }

  /**
   * Starts the nodes and waits until they listen.
   *
   * @param tell whether to print where
   */
  void start(List<NodeCommandLine> commands, LaunchPlan plan, boolean tell) {
    processes =
        NodeProcesses.start(
            commands, key, folder.logs(), this::nodeEnded, NodeProcesses.Patience.USUAL);
    if (stopping) {
      processes.cancel();
    }
    running = processes.awaitReady();
    for (int i = 0; i < running.size(); i++) {
      isUp(running.get(i), plan.nodes().get(i), tell);
    }
  }

  private void isUp(NodeProcesses.Running node, PlannedNode planned, boolean tell) {
    up.put(node.name(), node.addresses());
    folder.nodeIsUp(
        new LaunchRecord.Node(
            node.name(),
            planned.host().label(),
            node.pid(),
            node.addresses().control().toString(),
            node.addresses().data().toString(),
            false));
    if (tell) {
      terminal.out().println(node.addresses().line());
    }
  }

  /**
   * Ends all processes, since the training was broken off: {@link #start} begins another one.
   *
   * @param next goes on with the run
   */
  void startOver(Training next) {
    processes.close();
    synchronized (this) {
      run = null;
      endedBeforeRun.clear();
    }
    up.clear();
    said.clear();
    awaited = "";
    folder.startOver();
    training = next;
    if (stopping) {
      next.stop();
    }
  }

  /** Whether the user wants it to end. */
  boolean stopping() {
    return stopping;
  }

  /** Starts one more node, which joins the run; if it does not start, the run is stopped. */
  void add(PlannedNode node, NodeCommandLine command, boolean tell) {
    awaited = node.name();
    try {
      isUp(processes.add(command), node, tell);
    } catch (LaunchException failure) {
      training.stop(); // The run stands still for it.
      if (!stopping) {
        say(failure.getMessage());
      }
    }
  }

  /** Has a failure happen to a node; waits until one that is killed has ended. */
  void suffer(String node, NodeFault fault) {
    processes.suffer(node, fault);
  }

  /** What the run stood still for holds from the next step on. */
  void changed() {
    awaited = "";
  }

  /** Has a node leave the run. */
  void drain(String node) {
    awaited = node;
    processes.drain(node);
  }

  /** Until all nodes are there, whoever waits for them tells of it. */
  private synchronized void nodeEnded(NodeExit exit) {
    folder.nodeIsGone(exit.name());
    if (run != null) {
      tell(exit);
    } else {
      endedBeforeRun.add(exit);
    }
  }

  private void tell(NodeExit exit) {
    say(exit.describe());
    NodeAddresses node = up.get(exit.name());
    if (node != null) {
      run.nodeEnded(node);
    }
    if (awaited.equals(exit.name())) {
      training.stop(); // The run stands still for it.
    }
  }

  /** A node that ends while it is waited for is told of by both. */
  private void say(String what) {
    if (said.add(what)) {
      terminal.err().println("lockstep: " + what);
    }
  }

  private synchronized Cluster.Run begin(Cluster.Run begun) {
    run = begun;
    endedBeforeRun.forEach(this::tell);
    return begun;
  }

  /** Trains to the end. */
  RunSummary train(Wanted wanted) {
    Cluster.Nodes nodes =
        new Cluster.Nodes(
            running.getFirst().addresses().control(),
            key,
            wanted.workers(),
            wanted.servers(),
            wanted.bind(),
            wanted.transport(),
            wanted.encrypt());
    try {
      return begin(cluster.run(training, nodes)).train(folder.path());
    } catch (LaunchException failure) {
      // A JVM that is about to end starts nothing any more.
      throw stopping ? new LaunchException("stopped before the training began", failure) : failure;
    }
  }

  /** Says how the launch went, other than that it failed. */
  void endsWith(int code) {
    exitCode = code;
  }

  /** Ends all processes and keeps the outcome; then lets go of the JVM, which may wait for it. */
  @Override
  public void close() {
    try {
      if (processes != null) {
        processes.close();
      }
      folder.ended(exitCode);
    } finally {
      signals.close();
    }
  }
}
