package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lockstep.wire.Refusals;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardedEngineTest {

  private final Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger(GuardedEngine.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Refusals refusals = new Refusals(System::nanoTime);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void end() {
    logger.detachAppender(lines);
  }

  private SSLEngine engine() throws NoSuchAlgorithmException {
    SSLEngine server = SSLContext.getDefault().createSSLEngine();
    server.setUseClientMode(false);
    return new GuardedEngine(server, refusals);
  }

  @Test
  void otherBytesEachTimeAreOneLineWithTheFirst() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[100];
      random.nextBytes(bytes);
      bytes[0] = (byte) (100 + i % 20);
      SSLEngine engine = engine();
      ByteBuffer into = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      assertThatThrownBy(() -> engine.unwrap(ByteBuffer.wrap(bytes), into))
          .isInstanceOf(SSLException.class);
    }

    assertThat(lines.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .startsWith("control plane: refused a connection: expected TLS, found 64");
  }

  @Test
  void anotherKindIsOneMoreLine() throws Exception {
    for (int i = 0; i < 3; i++) {
      engine().closeInbound();
      SSLEngine plain = engine();
      ByteBuffer into = ByteBuffer.allocate(plain.getSession().getApplicationBufferSize());
      assertThatThrownBy(() -> plain.unwrap(ByteBuffer.wrap(new byte[100]), into))
          .isInstanceOf(SSLException.class);
    }

    assertThat(lines.list).hasSize(2);
  }
}
