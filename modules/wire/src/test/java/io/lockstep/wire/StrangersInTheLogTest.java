package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stranger can not fill the log, whatever it sends. */
@Timeout(120)
class StrangersInTheLogTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final int TIMES = 50;

  private final Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger(Link.class);
  private final Lines lines = new Lines();
  private NettyDataPlane server;

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      messages.add(event.getFormattedMessage());
    }
  }

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    server = NettyDataPlane.start(WireSettings.loopback(KEY));
  }

  @AfterEach
  void end() {
    server.close();
    logger.detachAppender(lines);
  }

  private void send(byte[] bytes) throws IOException {
    try (RawClient client = new RawClient(server.endpoint())) {
      client.send(bytes);
      client.awaitClose();
    }
  }

  @Test
  void otherBytesEachTimeAreOneLine() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < TIMES; i++) {
      byte[] bytes = new byte[100];
      random.nextBytes(bytes);
      send(bytes);
    }

    assertThat(lines.messages).singleElement().asString().contains("127.0.0.1:", "frame magic");
  }

  @Test
  void anotherKindOfRefusalIsOneMoreLine() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      send(new byte[100]);
      try (RawClient client = new RawClient(server.endpoint())) {
        client.send(client.hello(SharedKey.random(), PlanesRun.RUN));
        client.awaitClose();
      }
      new RawClient(server.endpoint()).close();
    }

    await().atMost(Duration.ofSeconds(60)).until(() -> lines.messages.size() >= 3);
    assertThat(lines.messages)
        .hasSize(3)
        .anyMatch(line -> line.contains("frame magic"))
        .anyMatch(line -> line.contains("proof of the key"))
        .anyMatch(line -> line.contains("closed by the peer"));
  }
}
