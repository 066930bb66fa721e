package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lockstep.training.Endpoint;
import io.lockstep.training.SmallJob;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes over sockets whose actors are a probe. */
@Timeout(60)
class LocalNodesTest {

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

  private LocalNodes nodes() {
    PreparedJob job =
        new PreparedJob(SmallJob.of(6, 7), TestCluster.FINGERPRINT, TestCluster.KERNELS);
    return new LocalNodes(
        job, new RunSettings(1, 1, 1 << 14, TestCluster.KERNELS, true), failures::add);
  }

  private static void connect(Endpoint to) throws IOException {
    new Socket(to.host(), to.port()).close();
  }

  /** Its actor has ended with all others before it could: the run is over. */
  @Test
  void theDataPlaneOfOneThatNeverHeardThatItDiesIsClosed() {
    TestProbe<Node.Command> node = ACTORS.kit().createTestProbe(Node.Command.class);
    TestProbe<Coordinator.Command> coordinator = ACTORS.kit().createTestProbe();
    LocalNodes nodes = nodes();
    Endpoint server = nodes.plane().endpoint();
    try (nodes) {
      nodes.start((behavior, name, props) -> node.ref(), coordinator.ref());
      nodes.suffer("server-0", new NodeFault.Kill());
      assertThatCode(() -> connect(server)).doesNotThrowAnyException();
    }

    assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
    Node.Die late = node.expectMessageClass(Node.Die.class);
    assertThatCode(() -> late.first().run()).doesNotThrowAnyException(); // It is closed once.
    assertThat(failures).isEmpty();
  }
}
