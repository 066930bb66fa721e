package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Training;
import io.lockstep.data.DataRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise between processes: 450 steps of {@code conf/mnist.conf} end in the weights of the run
 * within one JVM, whatever number of processes computes them, however their bytes travel, and
 * whoever joins or leaves meanwhile. Each launch covers several of these at once.
 */
@Timeout(600)
class LaunchEqualWeightsTest {

  private static final int STEPS = 450;
  private static final int LARGER_THAN_THE_NETWORK = 16 << 20;
  private static final String BFLOAT16 = "train.gradients=bfloat16";

  @TempDir private static Path folder;

  private static Path conf;
  private static String reference;

  @BeforeAll
  static void trainTheReference() throws Exception {
    Mnist.require();
    conf =
        Files.writeString(
            folder.resolve("mnist-450.conf"), Mnist.configuration(STEPS, 16).toHocon());
    reference = inOneJvm();
  }

  private static String inOneJvm(String... more) {
    return Training.create(Mnist.configuration(STEPS, 16, more), DataRequest.ofProcess().offline())
        .run()
        .summary()
        .weightsSha256();
  }

  @Test
  void oneWorkerOverTcpWithSmallBuckets() throws Exception {
    KeptRun run =
        launch("one", "--workers=1", "--transport=tcp", "--set=cluster.bucketBytes=16384");

    assertThat(run.weights()).isEqualTo(reference);
  }

  @Test
  void twoProcessesOfTwoWorkersAndTwoServersEncrypted() throws Exception {
    KeptRun run =
        launch(
            "two",
            "--workers=2",
            "--workers-per-node=2",
            "--servers=2",
            "--transport=tcp",
            "--encrypt");

    assertThat(run.weights()).isEqualTo(reference);
    assertThat(run.summary().get("workers").asInt()).isEqualTo(4);
    assertThat(run.summary().get("microBatchesPerWorker"))
        .hasSize(4)
        .allMatch(count -> count.asLong() > 0);
  }

  @Test
  void threeWorkersAndThreeServersWhileOneMoreJoinsAndLeaves() throws Exception {
    KeptRun run =
        launch(
            "three",
            "--workers=3",
            "--servers=3",
            "--transport=unix",
            "--change=150:+1",
            "--change=300:-1");

    assertThat(run.weights()).isEqualTo(reference);
    // With cold kernels it may be late at first, and come back, on a busy machine.
    assertThat(run.events()).startsWith(new KeptRun.Event("joined", 150, "worker-3"));
    KeptRun.Event last = run.events().getLast();
    assertThat(last.what()).isEqualTo("left");
    assertThat(last.node()).isEqualTo("worker-3");
    assertThat(last.step()).isLessThanOrEqualTo(300);
    Map<String, KeptRun.Work> work = run.work();
    assertThat(work).containsOnlyKeys("worker-0", "worker-1", "worker-2", "worker-3");
    // How many is a matter of its speed beside that of others.
    assertThat(work.get("worker-3").microBatches()).isBetween(1L, 16 * 150L);
  }

  @Test
  void fourWorkersWithKernelsOfTheirOwnAndOneBucket(TestReporter reporter) throws Exception {
    List<String> kernels = new ArrayList<>(List.of("scalar", "vector128"));
    for (String width : List.of("vector256", "vector512")) {
      boolean supported = EqualWeightsTest.supported(width);
      reporter.publishEntry(width, supported ? "trains" : "this CPU lacks it");
      if (supported) {
        kernels.add(width);
      }
    }
    List<String> hosts = new ArrayList<>();
    kernels.forEach(k -> hosts.add("local java-opts=\"-Dlockstep.kernels=%s\"".formatted(k)));
    Path file = Files.write(folder.resolve("hosts.conf"), hosts);

    KeptRun run =
        launch(
            "four",
            "--workers=4",
            "--hosts=" + file,
            "--bind=127.0.0.1",
            "--set=cluster.bucketBytes=" + LARGER_THAN_THE_NETWORK);

    assertThat(run.weights()).isEqualTo(reference);
    assertThat(run.work()).hasSize(4);
  }

  @Test
  void socketsWithinOneProcess() throws Exception {
    Path out = folder.resolve("over-sockets");
    LockstepProcess.Ended ended =
        LockstepProcess.run(
            folder,
            "train",
            conf.toString(),
            "--over-sockets",
            "--workers=2",
            "--servers=2",
            "--quiet",
            "--out=" + out);

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(new KeptRun(out).weights()).isEqualTo(reference);
  }

  @Test
  void halvedGradientsGiveOtherWeightsButTheSameEverywhere() throws Exception {
    String rounded = inOneJvm(BFLOAT16);

    assertThat(rounded).isNotEqualTo(reference);
    assertThat(launch("bfloat16", "--workers=3", "--set=" + BFLOAT16).weights()).isEqualTo(rounded);
  }

  private static KeptRun launch(String name, String... more) throws Exception {
    KeptRun run = new KeptRun(folder.resolve(name));
    List<String> arguments = new ArrayList<>(List.of("launch", conf.toString(), "--quiet"));
    arguments.add("--out=" + run.folder());
    arguments.addAll(List.of(more));
    LockstepProcess.Ended ended = LockstepProcess.run(folder, arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isZero();
    assertThat(run.summary().get("steps").asLong()).isEqualTo(STEPS);
    return run;
  }
}
