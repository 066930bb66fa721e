package io.lockstep.cluster.launch;

import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.keys.ClusterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of a run, from their start to their end. They start all at once; the first node
 * finds its port, and the others are then told to join it. Whoever starts them closes this, and if
 * he is killed before, the processes end all the same (see {@link Leash}).
 *
 * <p>{@link #cancel} is for any thread, the rest for one.
 */
public final class NodeProcesses implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeProcesses.class);

  private final List<NodeProcess> processes = new ArrayList<>();
  private final List<CompletableFuture<Void>> reports = new ArrayList<>();
  private final Patience patience;
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  private final Set<String> leaving = ConcurrentHashMap.newKeySet();
  private ClusterKey key;
  private Path logs;
  private Consumer<NodeExit> onEarlyExit;
  private volatile boolean closing;

  /**
   * How long to wait for what.
   *
   * @param start for all nodes to listen
   * @param end for all nodes to end, each time they are told so more firmly
   */
  public record Patience(Duration start, Duration end) {

    /** Far more than usual. */
    public static final Patience USUAL =
        new Patience(Duration.ofSeconds(90), Duration.ofSeconds(5));
  }

  /**
   * A process whose node listens.
   *
   * @param name of the node
   * @param pid of the process, or of its ssh
   * @param addresses where the node listens
   */
  public record Running(String name, long pid, NodeAddresses addresses) {}

  private NodeProcesses(Patience patience) {
    this.patience = patience;
  }

  /**
   * Starts them.
   *
   * @param nodes their command lines; the first is the one that the others join
   * @param key handed to each of them
   * @param logs an existing folder; each node gets a file there
   * @param onEarlyExit hears of each that ends before {@link #close}, on a thread of the system
   * @throws LaunchException if one cannot be started; the others are ended then
   */
  public static NodeProcesses start(
      List<NodeCommandLine> nodes,
      ClusterKey key,
      Path logs,
      Consumer<NodeExit> onEarlyExit,
      Patience patience) {
    NodeProcesses all = new NodeProcesses(patience);
    try {
      all.key = key;
      all.logs = logs;
      all.onEarlyExit = onEarlyExit;
      nodes.forEach(all::start);
      return all;
    } catch (RuntimeException failure) {
      all.close();
      throw failure;
    }
  }

  private NodeProcess start(NodeCommandLine node) {
    NodeProcess process = NodeProcess.start(node, logs);
    processes.add(process);
    process.say(Leash.keyLine(key));
    reports.add(process.exited().thenAccept(this::report));
    return process;
  }

  /**
   * Starts one more, which joins the others, and waits until it listens. It joins the first that
   * lives; another may have ended, and the run may go on without it.
   *
   * @throws LaunchException if it ends before, or time is up, or {@link #cancel} was called
   */
  public Running add(NodeCommandLine node) {
    long deadline = System.nanoTime() + patience.start().toNanos();
    NodeProcess peer =
        processes.stream().filter(NodeProcess::isAlive).findFirst().orElse(processes.getFirst());
    NodeProcess process = start(node);
    process.say(Leash.joinLine(List.of(peer.ready().join().control())));
    List<NodeProcess> needed = List.of(peer, process);
    await(process.ready(), anyExit(needed), deadline, List.of(process));
    return new Running(process.name(), process.pid(), process.ready().join());
  }

  /** Has a node leave in order; its process ends when its work is with others. */
  public void drain(String name) {
    leaving.add(name);
    processes.stream()
        .filter(process -> process.name().equals(name))
        .forEach(process -> process.say(Leash.drainLine()));
  }

  /** Has a failure happen to a node, on purpose; waits until one that is killed has ended. */
  public void suffer(String name, NodeFault fault) {
    List<NodeProcess> those = processes.stream().filter(p -> p.name().equals(name)).toList();
    those.forEach(process -> process.suffer(fault));
    if (fault instanceof NodeFault.Kill && !awaitExit(those)) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(NodeExit exit) {
    boolean asItShould = exit.exitCode() == 0 && leaving.contains(exit.name());
    if (!closing && !asItShould) {
      onEarlyExit.accept(exit);
    }
  }

  /**
   * Waits until all nodes listen.
   *
   * @return in the order in which they were given
   * @throws LaunchException if one ends before, or time is up, or {@link #cancel} was called
   */
  public List<Running> awaitReady() {
    long deadline = System.nanoTime() + patience.start().toNanos();
    NodeProcess first = processes.getFirst();
    first.say(Leash.joinLine(List.of()));
    CompletableFuture<?> anyExit = anyExit(processes);
    HostPort seed = await(first.ready(), anyExit, deadline, List.of(first)).control();
    List<NodeProcess> others = processes.subList(1, processes.size());
    others.forEach(node -> node.say(Leash.joinLine(List.of(seed))));
    var ready = CompletableFuture.allOf(all(processes, NodeProcess::ready));
    await(ready, anyExit, deadline, processes);
    return processes.stream()
        .map(node -> new Running(node.name(), node.pid(), node.ready().join()))
        .toList();
  }

  private static CompletableFuture<?>[] all(
      List<NodeProcess> nodes, Function<NodeProcess, CompletableFuture<?>> of) {
    return nodes.stream().map(of).toArray(CompletableFuture<?>[]::new);
  }

  /** Fails when the first of them ends, even if it was ready before. */
  private static CompletableFuture<?> anyExit(List<NodeProcess> nodes) {
    return CompletableFuture.anyOf(
        all(
            nodes,
            node ->
                node.exited()
                    .thenAccept(
                        exit -> {
                          throw new LaunchException(exit.describe());
                        })));
  }

  private <T> T await(
      CompletableFuture<T> awaited,
      CompletableFuture<?> anyExit,
      long deadline,
      List<NodeProcess> nodes) {
    try {
      CompletableFuture.anyOf(awaited, anyExit, cancelled)
          .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return awaited.join();
    } catch (TimeoutException late) {
      throw new LaunchException(late(nodes), late);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof LaunchException known
          ? known
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted while nodes start", interrupted);
    }
  }

  private String late(List<NodeProcess> nodes) {
    NodeProcess late =
        nodes.stream().filter(n -> !n.ready().isDone()).findFirst().orElse(nodes.getLast());
    return "node %s: expected it to listen after %d s; its log: %s%s"
        .formatted(late.name(), patience.start().toSeconds(), late.log(), late.lastLines());
  }

  /** Ends {@link #awaitReady} and {@link #add}, now or later. */
  public void cancel() {
    cancelled.completeExceptionally(new LaunchException("stopped before all nodes were there"));
  }

  /**
   * Ends all processes that are left: they are asked, then told, then killed; each for a bounded
   * time. Those who want the nodes to leave their cluster in order see to that before.
   */
  @Override
  public void close() {
    closing = true;
    List<Consumer<NodeProcess>> ways =
        List.of(NodeProcess::askToEnd, NodeProcess::terminate, NodeProcess::kill);
    boolean interrupted = false;
    for (Consumer<NodeProcess> way : ways) {
      List<NodeProcess> left = processes.stream().filter(NodeProcess::isAlive).toList();
      left.forEach(way);
      interrupted |= !awaitExit(left);
    }
    interrupted |= !awaitReports();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there was no interruption: one must not leave processes behind. */
  private boolean awaitExit(List<NodeProcess> left) {
    long deadline = System.nanoTime() + patience.end().toNanos();
    try {
      for (NodeProcess process : left) {
        process.awaitExit(deadline);
      }
      return true;
    } catch (InterruptedException hurry) {
      return false;
    }
  }

  /** Nobody hears of anything after the end; whether there was no interruption. */
  private boolean awaitReports() {
    try {
      CompletableFuture.allOf(reports.toArray(CompletableFuture<?>[]::new))
          .get(patience.end().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException failure) {
      LOG.warn("the end of a node's process could not be reported", failure);
      return true;
    } catch (InterruptedException hurry) {
      return false;
    }
  }
}
