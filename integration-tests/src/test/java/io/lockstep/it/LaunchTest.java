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
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  /** With a rate that does not depend on the number of steps that are planned. */
  private static final List<String> ENDLESS =
      List.of("--set=train.epochs=100000", "--set=schedule.name=constant");

  private static final List<String> SMALL_DATA =
      List.of("--set=data.digits.train=2000", "--set=data.digits.test=500");

  private static final int FRAME_HEADER = 64;

  private static final String STEP = "\"event\":\"step\"";

  private static final String RESUMED = "\"event\":\"resumed\"";

  private static final String WENT_ON = "\"event\":\"went_on\"";

  private static final String LOST = "\"event\":\"lost\"";

  private static final String MIRRORED = "\"event\":\"mirrored\"";

  private static final String TOOK_OVER = "\"event\":\"took_over\"";

  private static final Pattern TAKES_OVER =
      Pattern.compile("\"event\":\"took_over\"[^\n]*\"node\":\"(?<node>[^\"]+)\"");

  @TempDir private Path folder;

  private final List<LockstepProcess> started = new ArrayList<>();

  @AfterEach
  void killWhatIsLeft() {
    started.forEach(LockstepProcess::close);
  }

  @Test
  void bytesOfANodeDoNotDependOnItsWorkers() throws Exception {
    String[] steps = {
      "--set=train.maxSteps=40",
      "--set=train.microBatches=16",
      "--set=cluster.standbys=0", // Which node's worker is one is a matter of who was up first.
      "--workers=2"
    };
    KeptRun single = launched("single", 0, List.of(), steps);
    KeptRun several = launched("several", 0, List.of("--workers-per-node=4"), steps);

    assertThat(several.weights()).isEqualTo(single.weights());
    assertThat(several.summary().get("microBatchesPerWorker")).hasSize(8);
    assertSentTheSame(sent(several), sent(single));
    assertReceivedEachVersionOnce(single, 40);
    assertReceivedEachVersionOnce(several, 40);
  }

  /**
   * Of each node with workers, what it computed and the bytes that it sent, by what it computed:
   * which node has the first part of the plan is a matter of who was up first.
   */
  private static List<KeptRun.Work> sent(KeptRun run) {
    return run.work().values().stream()
        .sorted(Comparator.comparingLong(KeptRun.Work::microBatches))
        .toList();
  }

  /**
   * Bytes are counted since all workers of a node are warm, and the node's answer to whether it
   * shares memory, one frame without a payload, may be on its way before that or after.
   */
  private static void assertSentTheSame(List<KeptRun.Work> some, List<KeptRun.Work> others) {
    assertThat(some).hasSize(2).hasSameSizeAs(others);
    for (int i = 0; i < some.size(); i++) {
      assertThat(some.get(i).microBatches()).isEqualTo(others.get(i).microBatches());
      assertThat(some.get(i).bytesSent() - others.get(i).bytesSent())
          .isIn((long) -FRAME_HEADER, 0L, (long) FRAME_HEADER);
    }
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
  void anotherDoesTheWorkOfTwoKilledWorkersAndTheWeightsAreTheSame() throws Exception {
    LockstepProcess launcher = endless("harmed", "--workers=3", "--set=train.microBatches=6");

    kill("harmed", "worker-1", "worker-2");
    launcher.awaitOutAfter(2, "\"event\":\"lost\"", STEP);
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("harmed").logs()).isEqualTo(130);
    assertThat(ended.err())
        .contains(
            "lockstep: node worker-1 was killed by signal 9",
            "lockstep: node worker-2 was killed by signal 9");
    assertThat(run("harmed").events())
        .extracting(KeptRun.Event::what, KeptRun.Event::node)
        .containsExactlyInAnyOrder(tuple("lost", "worker-1"), tuple("lost", "worker-2"));
    assertSameAsUnbroken(run("harmed"), "--set=train.microBatches=6");
  }

  /**
   * A plan without it begins, and it joins again when it goes on. Where steps take so long that the
   * cluster gives it up first, it is lost, and ends when it goes on.
   */
  @Test
  void aWorkerThatStandsStillHoldsNobodyUpAndComesBack() throws Exception {
    LockstepProcess launcher = endless("stopped");
    KeptRun.Node worker = run("stopped").node("worker-1");
    launcher.awaitOut("\"event\":\"epoch\",\"epoch\":10,"); // What a step takes is known.

    LockstepProcess.signal("STOP", worker.pid());
    launcher.awaitOut("\"event\":\"late\"");
    boolean left = launcher.awaitFirstOut("\"event\":\"left\"", LOST).contains("left");
    if (left) {
      LockstepProcess.signal("CONT", worker.pid());
      launcher.awaitOut("\"event\":\"joined\"");
    } else {
      launcher.awaitOutAfter(1, LOST, STEP); // While it stands still.
      LockstepProcess.signal("CONT", worker.pid());
      await().atMost(NODES_END).until(() -> !worker.alive());
    }
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("stopped").logs()).isEqualTo(130);
    assertThat(run("stopped").events())
        .extracting(KeptRun.Event::what, KeptRun.Event::node)
        .startsWith(
            (left ? Stream.of("late", "left", "joined") : Stream.of("late", "lost"))
                .map(what -> tuple(what, "worker-1"))
                .toArray(Tuple[]::new));
    assertSameAsUnbroken(run("stopped"));
  }

  /** Then the worker that has the shard now: the others lose a server and a worker at once. */
  @Test
  void aWorkerGoesOnWithTheShardOfAKilledServerAndThenAnother() throws Exception {
    LockstepProcess launcher = endless("moved", "--workers=3", "--set=train.microBatches=6");
    launcher.awaitOut(MIRRORED);

    kill("moved", "server-0");
    launcher.awaitOutAfter(1, TOOK_OVER, STEP);
    launcher.awaitOutAfter(1, TOOK_OVER, MIRRORED);
    Matcher holder = TAKES_OVER.matcher(launcher.outSoFar());
    assertThat(holder.find()).as(launcher.outSoFar()).isTrue();
    kill("moved", holder.group("node"));
    launcher.awaitOutAfter(2, TOOK_OVER, STEP);
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("moved").logs()).isEqualTo(130);
    assertThat(run("moved").events())
        .extracting(KeptRun.Event::what)
        .containsExactlyInAnyOrder("lost", "took_over", "lost", "took_over");
    assertSameAsUnbroken(run("moved"), "--set=train.microBatches=6");
  }

  @Test
  void aServerAndAWorkerThatAreKilledAtOnceStopNobody() throws Exception {
    LockstepProcess launcher = endless("both", "--workers=2", "--servers=2");
    launcher.awaitOutAfter(1, MIRRORED, MIRRORED);

    kill("both", "server-0", "worker-1");
    launcher.awaitOutAfter(1, TOOK_OVER, STEP);
    launcher.awaitOutAfter(1, "\"event\":\"lost\"", STEP);
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("both").logs()).isEqualTo(130);
    assertThat(run("both").events())
        .extracting(KeptRun.Event::what, KeptRun.Event::node)
        .containsExactlyInAnyOrder(
            tuple("lost", "server-0"), tuple("took_over", "server-1"), tuple("lost", "worker-1"));
    assertSameAsUnbroken(run("both"));
  }

  /** Each update needs the norm of the gradient over both servers: they wait for each other. */
  @Test
  void aServerThatIsKilledWhileUpdatesNeedANormOverAllStopsNobody() throws Exception {
    String clipped = "--set=optimizer.clipNorm=0.25";
    LockstepProcess launcher = endless("clipped", "--workers=2", "--servers=2", clipped);
    launcher.awaitOutAfter(1, MIRRORED, MIRRORED);

    kill("clipped", "server-1");
    launcher.awaitOutAfter(1, TOOK_OVER, STEP);
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("clipped").logs()).isEqualTo(130);
    assertThat(run("clipped").events())
        .extracting(KeptRun.Event::what, KeptRun.Event::node)
        .containsExactly(tuple("lost", "server-1"), tuple("took_over", "server-0"));
    assertSameAsUnbroken(run("clipped"), clipped);
  }

  @Test
  void aKilledServerEndsTheRunWithItsNameIfNothingIsToStartAgain() throws Exception {
    String victim = "server-0";
    LockstepProcess launcher =
        endless("run", "--workers=2", "--restarts=0", "--set=cluster.standbys=0");
    List<KeptRun.Node> nodes = run("run").nodes();

    LockstepProcess.signal("KILL", run("run").node(victim).pid());

    LockstepProcess.Ended ended = launcher.await(FAILURE_IS_SEEN);
    assertThat(ended.exitCode()).as(ended.err() + run("run").logs()).isEqualTo(1);
    assertThat(ended.err())
        .contains("lockstep: node %s was killed by signal 9; its log: ".formatted(victim))
        .contains("\nlockstep: %s was lost".formatted(victim))
        .doesNotContain("internal error", "Exception", "\tat ");
    assertThat(nodes).hasSize(3).noneMatch(KeptRun.Node::alive);
  }

  /**
   * Both copies of both shards of the first attempt; then all workers of the second, where another
   * goes on at the same step.
   */
  @Test
  void startsAgainWhenBothServersAreKilledAndGoesOnWithANewWorkerWhenAllAre() throws Exception {
    LockstepProcess launcher = endless("run", "--workers=2", "--servers=2");
    List<KeptRun.Node> nodes = run("run").nodes();

    kill("run", "server-0", "server-1");
    launcher.awaitOutAfter(1, RESUMED, STEP);
    kill("run", "worker-0", "worker-1");
    launcher.awaitOutAfter(1, WENT_ON, STEP);
    launcher.interrupt();

    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run("run").logs()).isEqualTo(130);
    assertThat(nodes).noneMatch(KeptRun.Node::alive);
    assertThat(run("run").events())
        .extracting(KeptRun.Event::what)
        .contains("resumed", "waiting", "went_on");
    assertThat(folder.resolve("run/logs/attempt-1/server-0.log")).isRegularFile();
    assertSameAsUnbroken(run("run"));
  }

  private void kill(String run, String... nodes) throws Exception {
    for (String node : nodes) {
      LockstepProcess.signal("KILL", run(run).node(node).pid());
    }
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

  /** The weights are those of a run of as many steps that nothing happened to. */
  private void assertSameAsUnbroken(KeptRun run, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("train", "digits", "--out=unbroken", "--quiet", "--workers=1"));
    arguments.addAll(ENDLESS);
    arguments.addAll(SMALL_DATA);
    arguments.add("--set=train.maxSteps=" + run.summary().get("steps").asLong());
    Collections.addAll(arguments, more);
    LockstepProcess.Ended ended = LockstepProcess.run(folder, arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(run.weights()).isEqualTo(run("unbroken").weights());
  }

  /** A launch that has done steps and would do them for hours. */
  private LockstepProcess endless(String name, String... more) throws Exception {
    List<String> first = new ArrayList<>(List.of("--json"));
    first.addAll(more.length == 0 ? List.of("--workers=2") : List.of(more));
    LockstepProcess launcher = launch(name, first, ENDLESS.toArray(String[]::new));
    launcher.awaitOut(STEP);
    return launcher;
  }

  private LockstepProcess launch(String name, List<String> first, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("launch", "digits", "--out=" + name));
    arguments.addAll(first);
    arguments.addAll(SMALL_DATA);
    Collections.addAll(arguments, more);
    LockstepProcess launcher =
        LockstepProcess.start(
            folder, LockstepProcess.SMALL_FLAGS, arguments.toArray(String[]::new));
    started.add(launcher);
    return launcher;
  }
}
