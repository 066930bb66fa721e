package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import io.lockstep.model.Jar;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Slowdown;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that fetches a run's jars, among actors that the test plays. */
class NodeJarsTest {

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int SIZE = JarFetch.PART_BYTES + 1;
  private static final Jar JAR = Jar.of("layers.jar", random(1));
  private static final Jar OTHER = Jar.of("layers.jar", random(2));

  private final TestProbe<Coordinator.Command> coordinator =
      ACTORS.kit().createTestProbe(Coordinator.Command.class);
  private ActorRef<Node.Command> node;
  private final CompletableFuture<List<Jar>> prepared = new CompletableFuture<>();
  private final RunSpec spec =
      RunSpecs.of(
          "a run",
          "",
          List.of(JAR),
          new PreparedJob(TestCluster.JOB, TestCluster.FINGERPRINT, TestCluster.KERNELS),
          new RunRequest(1, 1, 0, 1 << 14, 60),
          Checkpointing.NONE);

  private static byte[] random(int seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A node that was told of the run. */
  private void start(boolean takesJars, ActorRef<Driver.Command> driver) {
    JobSource jobs =
        (run, jars) -> {
          prepared.complete(jars);
          return new PreparedJob(TestCluster.JOB, TestCluster.FINGERPRINT, TestCluster.KERNELS);
        };
    Node.Parts parts =
        new Node.Parts(
            "node", 1, 1, new InProcessDataPlane(), new Slowdown(), jobs, takesJars, failure -> {});
    node = ACTORS.kit().spawn(Node.create(parts, coordinator.ref()));
    node.tell(new Node.Registered(7, coordinator.ref()));
    node.tell(new Node.Prepare(spec, driver));
  }

  @AfterEach
  void stop() {
    ACTORS.kit().stop(node);
  }

  /**
   * A driver that answers with parts of {@code jar} whatever it is asked, as often as it is asked:
   * a node that waits for long asks again.
   *
   * @param lost the first questions, which do not arrive
   */
  private ActorRef<Driver.Command> driver(Jar jar, int lost) {
    AtomicInteger asked = new AtomicInteger();
    return ACTORS
        .kit()
        .spawn(
            Behaviors.receiveMessage(
                question -> {
                  if (asked.incrementAndGet() > lost) {
                    answer((Driver.SendJarPart) question, jar);
                  }
                  return Behaviors.same();
                }));
  }

  private void answer(Driver.SendJarPart wanted, Jar jar) {
    int to = Math.min(wanted.at() + JarFetch.PART_BYTES, SIZE);
    ByteString content = ByteString.fromByteBuffer(jar.content(wanted.at(), to));
    long run = spec.identity().runId();
    wanted.node().tell(new Node.JarPart(run + 1, wanted.jar(), wanted.at(), content));
    wanted.node().tell(new Node.JarPart(run, wanted.jar(), wanted.at(), content));
  }

  /** What the node tells the coordinator of the run; it may register more than once before. */
  private Coordinator.Command told() {
    Coordinator.Command command = coordinator.receiveMessage(LIMIT);
    while (command instanceof Coordinator.Register) {
      command = coordinator.receiveMessage(LIMIT);
    }
    return ((Coordinator.OfNode) command).command();
  }

  @Test
  void preparesItsJobWithTheJarsThatItFetched() throws Exception {
    start(true, driver(JAR, 0));

    assertThat(told()).isEqualTo(new Coordinator.Prepared(7));
    assertThat(prepared.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).containsExactly(JAR);
  }

  @Test
  void asksAgainForWhatGotLost() {
    start(true, driver(JAR, 1));

    assertThat(told()).isEqualTo(new Coordinator.Prepared(7));
  }

  @Test
  void refusesAJarThatIsNotWhatTheRunSays() {
    start(true, driver(OTHER, 0));

    assertThat(told())
        .isEqualTo(
            new Coordinator.Refused(
                7,
                "layers.jar: expected sha256 %s but found %s"
                    .formatted(JAR.sha256(), OTHER.sha256())));
    assertThat(prepared).isNotDone();
  }

  @Test
  void takesNoJarsWithoutAKey() {
    TestProbe<Driver.Command> driver = ACTORS.kit().createTestProbe(Driver.Command.class);
    start(false, driver.ref());

    assertThat(told())
        .isEqualTo(new Coordinator.Refused(7, "it has no key, and takes jars only with one"));
    driver.expectNoMessage(Duration.ZERO);
  }
}
