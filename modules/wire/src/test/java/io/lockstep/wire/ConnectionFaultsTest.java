package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockstep.training.Job;
import io.lockstep.training.SmallJob;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures that are made on purpose, over real sockets. */
@Timeout(120)
class ConnectionFaultsTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final Job JOB = SmallJob.of(6, 7);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final List<NettyDataPlane> planes = new ArrayList<>();

  @AfterEach
  void close() {
    planes.forEach(NettyDataPlane::close);
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  private NettyDataPlane plane(WireSettings settings) {
    NettyDataPlane plane = NettyDataPlane.start(settings);
    planes.add(plane);
    return plane;
  }

  private static WireSettings loopback() {
    return WireSettings.loopback(KEY);
  }

  private static PlanesRun run(NettyDataPlane server, NettyDataPlane worker) {
    return new PlanesRun(JOB, 1, List.of(server), List.of(worker), step -> {});
  }

  private static float[] expected() {
    return PlanesRun.inProcess(JOB, 1).train();
  }

  /** From the handshake on, and only until its time is over, which may come at any moment. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatArrivesLaterIsTheSame(boolean encrypted, @TempDir Path folder) throws Exception {
    WireSettings settings =
        encrypted
            ? loopback().by(Transport.TCP).encrypted(Certificates.sslContext(folder))
            : loopback();
    NettyDataPlane worker = plane(settings);
    worker.faults().delay(Duration.ofMillis(2), LONG);
    PlanesRun run = run(plane(settings), worker);
    worker.faults().delay(Duration.ofMillis(1), Duration.ofMillis(30));

    assertThat(run.train()).isEqualTo(expected());
  }

  @Test
  void aBrokenConnectionIsNoticed() {
    NettyDataPlane worker = plane(loopback());
    PlanesRun run = run(plane(loopback()), worker);

    worker.faults().drop();

    await().atMost(LIMIT).until(() -> run.exchanges.getFirst().lost() != null);
    assertThat(run.exchanges.getFirst().lost()).contains("broken on purpose");
  }

  @Test
  void whoIsCutOffAnswersNobodyUntilThatIsOver() {
    NettyDataPlane server = plane(loopback());
    server.faults().silence();
    assertThatThrownBy(() -> run(server, plane(loopback().patience(300))))
        .hasMessageContaining("expected an answer within 300 ms, found none");
    server.leave(PlanesRun.RUN);

    server.faults().reconnect();

    assertThat(run(server, plane(loopback())).train()).isEqualTo(expected());
  }
}
