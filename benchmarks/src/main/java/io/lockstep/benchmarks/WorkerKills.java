package io.lockstep.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run whose oldest worker is killed again and again: a parameter server and workers that are
 * started by hand, as on several machines, so that no launcher knows of their ends. When another
 * worker has joined in its place, the next is killed.
 */
final class WorkerKills {

  private static final Pattern ADDRESS = Pattern.compile("control (\\S+),");

  private final CommandProcesses processes;
  private final String configuration;
  private final Deque<Process> workers = new ArrayDeque<>();
  private final Recovery recovery = new Recovery("worker");
  private String control;
  private int lastWorker;

  /**
   * @param configuration file of a run for three workers
   */
  WorkerKills(CommandProcesses processes, String configuration) {
    this.processes = processes;
    this.configuration = configuration;
  }

  Recovery measure(int kills) throws IOException, InterruptedException {
    processes.run(List.of("key", key()));
    control = addressOf(processes.start(node("server", "parameter-server", List.of())));
    for (int i = 0; i < RecoveryTable.WORKERS; i++) {
      addWorker();
    }
    FollowedRun run = train();
    run.await(() -> run.count("step") > 0, "a step");
    while (recovery.kills() < kills) {
      recovery.add(kill(run));
      int joined = run.count("joined");
      addWorker();
      run.await(() -> run.count("joined") > joined, "a worker that joins");
    }
    recovery.compare(run.stop(), configuration, processes);
    return recovery;
  }

  private double kill(FollowedRun run) throws InterruptedException {
    run.watch(1); // So that every worker computes.
    int lost = run.count("lost");
    workers.removeFirst().destroyForcibly();
    return run.standing(() -> run.count("lost") > lost, "a step without the worker");
  }

  private FollowedRun train() throws IOException {
    return new FollowedRun(
        processes.start(
            List.of(
                "train",
                configuration,
                "--join",
                control,
                "--key",
                key(),
                "--workers",
                "" + RecoveryTable.WORKERS,
                "--json",
                "--out",
                processes.file("run").toString())));
  }

  private String key() {
    return processes.file("key").toString();
  }

  private void addWorker() throws IOException {
    String name = "worker-" + lastWorker++;
    Process worker = processes.start(node(name, "worker", List.of("--join", control)));
    addressOf(worker);
    workers.addLast(worker);
  }

  private List<String> node(String name, String role, List<String> more) {
    List<String> words = new ArrayList<>(List.of("node", "--name", name, "--role", role));
    words.addAll(List.of("--bind", "127.0.0.1", "--port", "0", "--data-port", "0"));
    words.addAll(List.of("--key", key()));
    words.addAll(more);
    return words;
  }

  /** Where the node's control plane is, as it says when it listens. */
  private static String addressOf(Process node) throws IOException {
    BufferedReader out = node.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher found = ADDRESS.matcher(line);
      if (found.find()) {
        return found.group(1);
      }
    }
    throw new IllegalStateException("expected " + ADDRESS + ", but the node has ended");
  }
}
