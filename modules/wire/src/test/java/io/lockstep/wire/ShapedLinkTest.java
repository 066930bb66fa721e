package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Training over shaped links, by real sockets. */
@Timeout(120)
class ShapedLinkTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final Job JOB = SmallJob.of(6, 7);
  private static final LinkShape LINK = new LinkShape(1e9, Duration.ofNanos(200_000));

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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bringsTheSameWeights(boolean encrypted, @TempDir Path folder) throws Exception {
    WireSettings loopback = WireSettings.loopback(KEY).by(Transport.TCP);
    WireSettings settings =
        (encrypted ? loopback.encrypted(Certificates.sslContext(folder)) : loopback).shaped(LINK);
    List<NettyDataPlane> workers = List.of(plane(settings), plane(settings));
    PlanesRun run = new PlanesRun(JOB, 1, List.of(plane(settings)), workers, step -> {});

    assertThat(run.train()).isEqualTo(PlanesRun.inProcess(JOB, 1).train());
  }

  @Test
  void isForTcpAlone() {
    WireSettings shaped = WireSettings.loopback(KEY).shaped(LINK);

    assertThatThrownBy(() -> shaped.by(Transport.AUTO))
        .hasMessageContaining("expected tcp and 1 event loop for a shaped link, found AUTO and 1");
  }
}
