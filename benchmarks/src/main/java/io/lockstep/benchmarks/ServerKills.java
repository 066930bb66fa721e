package io.lockstep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Launches whose parameter servers are killed: two with a shard each. The shard of the first that
 * is killed goes on at the other one; when both shards have a new standby, this one is killed too,
 * and workers go on with them. Then a new launch begins.
 */
final class ServerKills {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SERVERS = 2;

  /** Until most is compiled, in each of the processes that a launch starts. */
  private static final long WARM_UP_SECONDS = 15;

  private final CommandProcesses processes;
  private final String configuration;
  private final Recovery recovery = new Recovery("parameter server");
  private int launches;

  /**
   * @param configuration file of a run for three workers
   */
  ServerKills(CommandProcesses processes, String configuration) {
    this.processes = processes;
    this.configuration = configuration;
  }

  Recovery measure(int kills) throws IOException, InterruptedException {
    while (recovery.kills() < kills) {
      Path folder = processes.file("launch-" + launches++);
      FollowedRun run = launch(folder);
      run.await(() -> run.count("step") > 0, "a step");
      run.watch(WARM_UP_SECONDS);
      for (int dead = 0; dead < SERVERS && recovery.kills() < kills; dead++) {
        run.await(() -> run.mirroredShards() == SERVERS, "a standby of each shard");
        int shards = 1 + dead; // Its own, and what it has taken over.
        recovery.add(kill(run, pid(folder, "server-" + (SERVERS - 1 - dead)), shards));
      }
      recovery.compare(run.stop(), configuration, processes);
    }
    return recovery;
  }

  private FollowedRun launch(Path folder) throws IOException {
    return new FollowedRun(
        processes.start(
            List.of(
                "launch",
                configuration,
                "--workers",
                "" + RecoveryTable.WORKERS,
                "--servers",
                "" + SERVERS,
                "--restarts",
                "0",
                "--json",
                "--out",
                folder.toString())));
  }

  private static long pid(Path folder, String node) throws IOException {
    for (JsonNode one : JSON.readTree(folder.resolve("launch.json").toFile()).get("nodes")) {
      if (one.get("name").asText().equals(node)) {
        return one.get("pid").asLong();
      }
    }
    throw new IllegalStateException("expected " + node + " in " + folder + "/launch.json");
  }

  private static double kill(FollowedRun run, long pid, int shards) throws InterruptedException {
    run.watch(1); // So that nothing is being filled any more.
    int before = run.count("took_over");
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    return run.standing(
        () -> run.count("took_over") == before + shards, "a step with standbys in its place");
  }
}
