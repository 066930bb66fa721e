package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The batch script, with stand-ins for Slurm and for the command, that note how they are called.
 */
final class SlurmScriptTest {

  private static final int LIMIT_SECONDS = 60;
  private static final String PORT = Integer.toString(12000 + 4711 * 2);
  private static final String DATA_PORT = Integer.toString(12001 + 4711 * 2);

  @TempDir private Path folder;
  private Path calls;
  private Process script;

  @BeforeEach
  void putStandIns() throws IOException {
    calls = Files.createDirectories(folder.resolve("calls"));
    executable("srun", "slurm");
    executable("scontrol", "slurm");
    executable("lockstep", "home/bin");
  }

  private void executable(String name, String into) throws IOException {
    Path file = Files.createDirectories(folder.resolve(into)).resolve(name);
    try (InputStream in = SlurmScriptTest.class.getResourceAsStream("/slurm/" + name)) {
      Files.copy(in, file);
    }
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void endScript() {
    if (script != null) {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
  }

  @Test
  void startsANodeOnEachHostAndSubmitsTheRun() throws Exception {
    start("0", Map.of("LOCKSTEP_SERVERS", "2"), "conf/mnist.conf", "--set", "train.seed=7");

    assertThat(exitCode()).isZero();
    assertThat(call("srun")).contains("--cpus-per-task=8");
    for (int task = 0; task < 3; task++) {
      String name = "node" + (task + 1);
      List<String> call = call("node" + task);
      assertThat(call)
          .containsExactly(
              "node",
              "--role",
              task < 2 ? "worker,parameter-server" : "worker",
              "--slots",
              "8",
              "--name",
              name,
              "--bind",
              "0.0.0.0",
              "--advertise",
              name,
              "--port",
              PORT,
              "--data-port",
              DATA_PORT,
              "--join",
              "node1:" + PORT,
              "--key",
              call("key").get(1));
      CommandOptions.of("node").require(call.subList(1, call.size()));
    }
    assertThat(call("train"))
        .containsExactly(
            "train",
            "conf/mnist.conf",
            "--set",
            "train.seed=7",
            "--join",
            "node1:" + PORT,
            "--key",
            call("key").get(1),
            "--workers",
            "3",
            "--servers",
            "2");
    CommandOptions.of("train").require(call("train").subList(2, 12));
  }

  @Test
  void drainsTheNodesAndRemovesTheKeyWhenTheRunHasEnded() throws Exception {
    start("3", Map.of(), "mnist");

    assertThat(exitCode()).isEqualTo(3);
    assertThat(calls).isDirectoryContaining("glob:**/drained0");
    assertThat(calls).isDirectoryContaining("glob:**/drained1");
    assertThat(calls).isDirectoryContaining("glob:**/drained2");
    assertThat(Path.of(call("key").get(1)).getParent()).doesNotExist();
  }

  @Test
  void endsTheRunWhenTheTimeIsNearlyUp() throws Exception {
    start("signal", Map.of(), "mnist");
    Awaitility.await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .until(() -> Files.exists(calls.resolve("train")));

    script.destroy();

    assertThat(exitCode()).isEqualTo(143);
    assertThat(calls).isDirectoryContaining("glob:**/drained2");
  }

  @Test
  void refusesWhatCannotWork() throws Exception {
    start("0", Map.of());
    assertThat(exitCode()).isEqualTo(2);
    assertThat(output()).startsWith("usage: sbatch lockstep.sbatch CONF");

    start("0", Map.of("LOCKSTEP_SERVERS", "4"), "mnist");
    assertThat(exitCode()).isEqualTo(2);
    assertThat(output()).contains("LOCKSTEP_SERVERS: expected 1 to 3", "but found 4");

    start("0", Map.of("LOCKSTEP_HOME", "/nowhere"), "mnist");
    assertThat(exitCode()).isEqualTo(2);
    assertThat(output()).contains("/nowhere/bin/lockstep", "set LOCKSTEP_HOME");
    try (Stream<Path> made = Files.list(calls)) {
      assertThat(made).isEmpty();
    }
  }

  private void start(String trainExit, Map<String, String> more, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add("bash");
    command.add(DeployFolder.path("slurm/lockstep.sbatch").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", folder.resolve("slurm") + ":" + environment.get("PATH"));
    environment.put("CALLS", calls.toString());
    environment.put("TRAIN_EXIT", trainExit);
    environment.put("LOCKSTEP_HOME", folder.resolve("home").toString());
    environment.put("SLURM_JOB_ID", "4711");
    environment.put("SLURM_JOB_NUM_NODES", "3");
    environment.put("SLURM_JOB_NODELIST", "node[1-3]");
    environment.put("SLURM_CPUS_PER_TASK", "8");
    environment.putAll(more);
    script =
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
  }

  private int exitCode() throws Exception {
    assertThat(script.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
    return script.exitValue();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private List<String> call(String name) throws IOException {
    return Files.readAllLines(calls.resolve(name));
  }
}
