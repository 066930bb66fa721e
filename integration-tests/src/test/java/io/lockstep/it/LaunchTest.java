package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code lockstep launch} as its users meet it: what it gives, and how it ends in every way. */
@Timeout(600)
class LaunchTest {

  private static final Duration NODES_END = Duration.ofSeconds(60);
  private static final Duration FAILURE_IS_SEEN = Duration.ofSeconds(60);

  /** Else the rate depends on the number of steps that are planned. */
  private static final String CONSTANT_RATE = "--set=schedule.name=constant";

  private static final String STEP = "\"event\":\"step\"";

  @TempDir private Path folder;

  private final List<LockstepProcess> started = new ArrayList<>();

  @AfterEach
  void killWhatIsLeft() {
    started.forEach(LockstepProcess::close);
  }

  @Test
  void bytesOfANodeDoNotDependOnItsWorkers() throws Exception {
    String[] steps = {"--set=train.maxSteps=40", "--set=train.microBatches=16", "--workers=2"};
    KeptRun single = launched("single", 0, List.of(), steps);
    KeptRun several = launched("several", 0, List.of("--workers-per-node=4"), steps);

    assertThat(several.weights()).isEqualTo(single.weights());
    assertThat(several.summary().get("microBatchesPerWorker")).hasSize(8);
    // Which node has the first part of the plan is a matter of who was up first.
    assertThat(sent(several)).hasSize(2).containsExactlyInAnyOrderElementsOf(sent(single));
    assertReceivedEachVersionOnce(single, 40);
    assertReceivedEachVersionOnce(several, 40);
  }

  /** Of each node with workers, what it computed and the bytes that it sent. */
  private static List<Tuple> sent(KeptRun run) {
    return run.work().values().stream()
        .map(work -> tuple(work.microBatches(), work.bytesSent()))
        .toList();
  }

  /**
   * Bytes are counted since all workers of a node are warm: of the first version some, all or none
   * may still be on the way then, and nobody waits for the last. The padding of θ and all other
   * frames are less than one version.
   */
  private static void assertReceivedEachVersionOnce(KeptRun run, int steps) {
    long version = run.summary().get("parameters").asLong() * Float.BYTES;
    assertThat(run.work().values())
        .hasSize(2)
        .extracting(KeptRun.Work::bytesReceived)
        .allSatisfy(
            bytes -> assertThat(bytes).isBetween((steps - 1) * version, (steps + 2) * version));
  }

  @Test
  void reachesTheAccuracyOfOneJvmExactly() throws Exception {
    Mnist.require();
    Path conf = Mnist.CONF.resolve("mnist-quick.conf");
    RunSummary expected =
        Training.create(Configuration.load(conf), DataRequest.ofProcess().offline())
            .run()
            .summary();

    KeptRun run = new KeptRun(folder.resolve("quick"));
    LockstepProcess.Ended ended =
        LockstepProcess.run(
            folder, "launch", conf.toString(), "--workers=2", "--quiet", "--out=" + run.folder());

    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isZero();
    assertThat(run.weights()).isEqualTo(expected.weightsSha256());
    assertThat(run.summary().at("/test/accuracy").asDouble())
        .isEqualTo(expected.test().accuracy())
        .isGreaterThan(0.95);
    assertThat(run.summary().at("/test/loss").asDouble()).isEqualTo(expected.test().loss());
  }

  @Test
  void ctrlCSavesTheRunAndLeavesNoProcess() throws Exception {
    LockstepProcess launcher = endless("run");
    List<KeptRun.Node> nodes = run("run").nodes();

    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("run").logs()).isEqualTo(130);
    assertThat(nodes).hasSize(3).noneMatch(KeptRun.Node::alive);
    assertThat(run("run").summary().get("status").asText()).isEqualTo("stopped");
    assertThat(run("run").summary().get("steps").asLong()).isPositive();
    assertThat(folder.resolve("run/weights.safetensors")).isRegularFile();
  }

  @Test
  void nodesEndWithAKilledLauncher() throws Exception {
    LockstepProcess launcher = endless("run");
    List<KeptRun.Node> nodes = run("run").nodes();
    assertThat(nodes).hasSize(3).allMatch(KeptRun.Node::alive);

    launcher.signal("KILL");

    await().atMost(NODES_END).until(() -> nodes.stream().noneMatch(KeptRun.Node::alive));
  }

  @Test
  void othersDoTheWorkOfAKilledWorkerAndTheWeightsAreTheSame() throws Exception {
    String[] steps = {"--set=train.maxSteps=300", "--set=train.microBatches=6"};
    LockstepProcess launcher = launch("harmed", List.of("--json", "--workers=3"), steps);
    launcher.awaitOut(STEP);

    LockstepProcess.signal("KILL", run("harmed").node("worker-1").pid());

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("harmed").logs()).isZero();
    assertThat(ended.err()).contains("lockstep: node worker-1 was ended by signal 9");
    assertThat(run("harmed").events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.what()).isEqualTo("lost");
              assertThat(event.node()).isEqualTo("worker-1");
              assertThat(event.step()).isBetween(1L, 299L);
            });
    assertThat(run("harmed").weights())
        .isEqualTo(launched("whole", 0, List.of("--workers=1"), steps).weights());
  }

  @Test
  void aWorkerThatStandsStillHoldsNobodyUpAndComesBack() throws Exception {
    LockstepProcess launcher = endless("stopped");
    long worker = run("stopped").node("worker-1").pid();
    launcher.awaitOut("\"event\":\"epoch\",\"epoch\":10,"); // What a step takes is known.

    LockstepProcess.signal("STOP", worker);
    launcher.awaitOut("\"event\":\"late\"");
    launcher.awaitOut("\"event\":\"left\"");
    LockstepProcess.signal("CONT", worker);
    launcher.awaitOut("\"event\":\"joined\"");
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("stopped").logs()).isEqualTo(130);
    assertThat(run("stopped").events())
        .extracting(KeptRun.Event::what, KeptRun.Event::node)
        .startsWith(
            tuple("late", "worker-1"), tuple("left", "worker-1"), tuple("joined", "worker-1"));
    String steps = "--set=train.maxSteps=" + run("stopped").summary().get("steps").asLong();
    LockstepProcess.Ended whole =
        LockstepProcess.run(
            folder,
            "train",
            "digits",
            "--out=whole",
            "--quiet",
            "--workers=1",
            "--set=train.epochs=100000",
            CONSTANT_RATE,
            "--set=data.digits.train=2000",
            "--set=data.digits.test=500",
            steps);
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(run("stopped").weights()).isEqualTo(run("whole").weights());
  }

  @Test
  void saysWhichServerWasKilledAndEnds() throws Exception {
    String victim = "server-0";
    LockstepProcess launcher = endless("run");
    List<KeptRun.Node> nodes = run("run").nodes();

    LockstepProcess.signal("KILL", run("run").node(victim).pid());

    LockstepProcess.Ended ended = launcher.await(FAILURE_IS_SEEN);
    assertThat(ended.exitCode()).as(ended.err() + run("run").logs()).isEqualTo(1);
    assertThat(ended.err())
        .contains("lockstep: node %s was ended by signal 9; its log: ".formatted(victim))
        .contains("\nlockstep: %s was lost".formatted(victim))
        .doesNotContain("internal error", "Exception", "\tat ");
    assertThat(nodes).hasSize(3).noneMatch(KeptRun.Node::alive);
  }

  @Test
  void aLossThatIsNotFiniteEndsWithExitCode3AndTheLastGoodWeights() throws Exception {
    KeptRun run =
        launched(
            "run",
            3,
            List.of("--workers=2", "--servers=2"),
            "--set=optimizer.name=sgd",
            "--set=optimizer.learningRate=1e25");

    assertThat(run.summary().get("status").asText()).isEqualTo("diverged");
    assertThat(run.summary().get("message").asText())
        .contains("step")
        .containsAnyOf("dense1", "output");
    LockstepProcess.Ended evaluated = LockstepProcess.run(folder, "evaluate", "run");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
  }

  private KeptRun run(String name) {
    return new KeptRun(folder.resolve(name));
  }

  private KeptRun launched(String name, int exitCode, List<String> first, String... more)
      throws Exception {
    LockstepProcess.Ended ended = launch(name, first, more).await();
    assertThat(ended.exitCode()).as(ended.err() + run(name).logs()).isEqualTo(exitCode);
    assertThat(run(name).nodes()).isNotEmpty().noneMatch(KeptRun.Node::alive);
    return run(name);
  }

  /** A launch of two workers and a server that has done steps and would do them for hours. */
  private LockstepProcess endless(String name) throws Exception {
    LockstepProcess launcher =
        launch(name, List.of("--json", "--workers=2"), "--set=train.epochs=100000", CONSTANT_RATE);
    launcher.awaitOut(STEP);
    return launcher;
  }

  private LockstepProcess launch(String name, List<String> first, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("launch", "digits", "--out=" + name));
    arguments.addAll(first);
    arguments.addAll(List.of("--set=data.digits.train=2000", "--set=data.digits.test=500"));
    Collections.addAll(arguments, more);
    LockstepProcess launcher =
        LockstepProcess.start(
            folder, LockstepProcess.SMALL_FLAGS, arguments.toArray(String[]::new));
    started.add(launcher);
    return launcher;
  }
}
