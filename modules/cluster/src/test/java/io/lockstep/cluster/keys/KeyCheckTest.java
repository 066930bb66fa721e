package io.lockstep.cluster.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.cluster.keys.KeyCheck.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class KeyCheckTest {

  private static final String HERE = "127.0.0.1";

  private final ClusterKey key = ClusterKey.create();

  @Test
  void tellsTheSameKeyFromAnother() throws IOException, InterruptedException {
    assertThat(answerOf(key)).isEqualTo(Answer.SAME_KEY);
    assertThat(answerOf(ClusterKey.create())).isEqualTo(Answer.OTHER_KEY);
  }

  private Answer answerOf(ClusterKey server) throws IOException, InterruptedException {
    NodeIdentity identity = server.newIdentity();
    try (ServerSocket socket =
        identity
            .sslContext()
            .getServerSocketFactory()
            .createServerSocket(0, 1, InetAddress.getByName(HERE))) {
      Thread accepting = Thread.ofPlatform().start(() -> handshake(socket));
      Answer answer = KeyCheck.ask(HERE, socket.getLocalPort(), key);
      accepting.join();
      return answer;
    }
  }

  /** A read makes the handshake; what is read is the end of the connection. */
  private static void handshake(ServerSocket socket) {
    try (var peer = socket.accept()) {
      peer.getInputStream().read();
    } catch (IOException refused) {
      return; // The other side tells.
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
      free = socket.getLocalPort();
    }
    assertThat(KeyCheck.ask(HERE, free, key)).isEqualTo(Answer.NOBODY);
  }

  @Test
  void cannotTellOfWhoClosesAtOnce() throws IOException, InterruptedException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
      Thread closing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      socket.accept().close();
                    } catch (IOException ended) {
                      return; // The other side tells.
                    }
                  });
      assertThat(KeyCheck.ask(HERE, socket.getLocalPort(), key)).isEqualTo(Answer.UNKNOWN);
      closing.join();
    }
  }
}
