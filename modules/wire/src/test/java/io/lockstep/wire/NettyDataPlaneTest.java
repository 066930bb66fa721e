package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.Buckets;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Job;
import io.lockstep.training.SmallJob;
import io.lockstep.wire.WireSettings.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs over real sockets: the same bits as within one JVM, nothing lost, nothing growing. */
@Timeout(120)
class NettyDataPlaneTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final Job JOB = SmallJob.of(6, 7);
  private static final int STEPS_PER_EPOCH = 7;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Less than a single bucket of every tenth step. */
  private static final long MOST_GROWTH_BYTES = 1 << 20;

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

  private NettyDataPlane plane(Transport transport) {
    return plane(WireSettings.loopback(KEY).by(transport));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void weightsAreThoseOfTheExchangeWithinOneJvm(Transport transport) {
    PlanesRun reference = PlanesRun.inProcess(JOB, 1);
    float[] expected = reference.train();

    List<NettyDataPlane> servers = List.of(plane(transport), plane(transport));
    List<NettyDataPlane> workers = List.of(plane(transport), plane(transport), plane(transport));
    PlanesRun run = new PlanesRun(JOB, 1, servers, workers, step -> {});

    assertThat(run.train()).isEqualTo(expected);
    assertThat(run.losses).isEqualTo(reference.losses);
  }

  @Test
  void onePlaneMayServeAndWork() {
    float[] expected = PlanesRun.inProcess(JOB, 1).train();
    NettyDataPlane plane = plane(Transport.AUTO);

    assertThat(new PlanesRun(JOB, 1 << 14, List.of(plane), List.of(plane), s -> {}).train())
        .isEqualTo(expected);
  }

  @Test
  void jdkSocketsGiveTheSameWeights() {
    float[] expected = PlanesRun.inProcess(JOB, 1).train();
    System.setProperty("lockstep.wire.transport", "nio");
    try {
      NettyDataPlane server = plane(Transport.AUTO);
      NettyDataPlane worker = plane(Transport.AUTO);
      assertThat(server.endpoint().socketPath()).isEmpty();
      assertThat(new PlanesRun(JOB, 1, List.of(server), List.of(worker), s -> {}).train())
          .isEqualTo(expected);
      assertThatThrownBy(() -> plane(Transport.UNIX)).hasMessageContaining("expected epoll");
    } finally {
      System.clearProperty("lockstep.wire.transport");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void thousandStepsLeaveMemoryFlat(Transport transport) {
    Job job = SmallJob.of(2, 7, 0.001, 1_001 / STEPS_PER_EPOCH);
    List<NettyDataPlane> servers = List.of(plane(transport));
    List<NettyDataPlane> workers = List.of(plane(transport), plane(transport));
    Map<Long, Memory> atStep = new ConcurrentHashMap<>();
    PlanesRun run =
        new PlanesRun(
            job,
            1 << 14,
            servers,
            workers,
            step -> {
              if (step == 300 || step == 1_000) {
                atStep.put(step, memory());
              }
            });
    run.train();

    assertThat(run.losses).hasSize(1_001);
    Memory warm = atStep.get(300L);
    Memory last = atStep.get(1_000L);
    assertThat(last.heapBytes()).isLessThan(warm.heapBytes() + MOST_GROWTH_BYTES);
    assertThat(last.pooledBytes()).isLessThanOrEqualTo(warm.pooledBytes());
    assertThat(last.directBytes()).isLessThan(warm.directBytes() + MOST_GROWTH_BYTES);
  }

  /**
   * What is held in memory.
   *
   * @param heapBytes reachable on the heap
   * @param pooledBytes of the data planes' buffers, used or kept for use
   * @param directBytes of the JVM's own direct buffers
   */
  private record Memory(long heapBytes, long pooledBytes, long directBytes) {}

  private Memory memory() {
    System.gc();
    return new Memory(
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getCollectionUsage().getUsed())
            .sum(),
        NettyDataPlane.pooledBytes(),
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void trafficCountsEveryByteOfBothSides(Transport transport) {
    NettyDataPlane server = plane(transport);
    NettyDataPlane worker = plane(transport);
    new PlanesRun(JOB, 1 << 14, List.of(server), List.of(worker), s -> {}).train();

    int steps = (int) JOB.epochs().steps();
    long theta = Float.BYTES * (long) JOB.network().parameters().packedLength();
    assertThat(worker.traffic().bytesSent()).isGreaterThan(steps * theta);
    assertThat(worker.traffic().bytesSent()).isLessThan(steps * theta * 11 / 10);
    await()
        .atMost(LIMIT)
        .until(() -> server.traffic().bytesSent() == worker.traffic().bytesReceived());
    await()
        .atMost(LIMIT)
        .until(() -> worker.traffic().bytesSent() == server.traffic().bytesReceived());
    assertThat(server.traffic().framesReceived()).isEqualTo(worker.traffic().framesSent());
    long least = transport == Transport.AUTO && Sockets.select().unix() ? (steps - 2) * theta : 0;
    assertThat(worker.bytesShared()).isBetween(least, least == 0 ? 0 : steps * theta);
    assertThat(server.bytesShared()).isBetween(least, least == 0 ? 0 : (steps + 1) * theta);
  }

  /** Who does not want to share memory, or cannot, is told of everything in frames. */
  @ParameterizedTest
  @CsvSource({"AUTO, UNIX", "UNIX, AUTO"})
  void whoSharesNoMemoryGetsTheSameWeights(Transport ofServer, Transport ofWorker) {
    float[] expected = PlanesRun.inProcess(JOB, 1).train();
    NettyDataPlane server = plane(ofServer);
    NettyDataPlane worker = plane(ofWorker);

    assertThat(new PlanesRun(JOB, 1, List.of(server), List.of(worker), s -> {}).train())
        .isEqualTo(expected);
    assertThat(server.bytesShared() + worker.bytesShared()).isZero();
  }

  @Test
  void unixSocketIsThereWhilePlaneIsOpen() {
    NettyDataPlane plane = plane(Transport.AUTO);
    Path socket = Path.of(plane.endpoint().socketPath());
    assertThat(socket).exists();
    plane.close();

    assertThat(socket).doesNotExist();
    assertThat(socket.getParent()).doesNotExist();
    assertThat(Files.exists(socket.getParent().getParent())).isTrue();
  }

  @Test
  void serverThatIsGoneIsNamed() {
    NettyDataPlane gone = plane(Transport.TCP);
    Endpoint endpoint = gone.endpoint();
    gone.close();
    NettyDataPlane worker = plane(Transport.TCP);

    assertThatThrownBy(() -> connect(worker, endpoint))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot connect to the parameter server at " + endpoint)
        .hasMessageContaining("refused");
  }

  private static void connect(NettyDataPlane worker, Endpoint server) {
    Buckets buckets = new Buckets(JOB.network().parameters().packedLength(), 1, 1);
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    worker.connect(PlanesRun.RUN, "worker", JOB, buckets, kernels, 0, 1, List.of(server));
  }

  /** It holds the two newest versions of each bucket at most, however many steps go by. */
  @Test
  void queueOfPeerThatDoesNotReadStaysBounded() throws IOException {
    Job job = SmallJob.of(2, 7, 0.001, 1_001 / STEPS_PER_EPOCH);
    NettyDataPlane server = plane(Transport.TCP);
    NettyDataPlane worker = plane(Transport.TCP);
    PlanesRun run = new PlanesRun(job, 1 << 14, List.of(server), List.of(worker), s -> {});
    int buckets = run.shards.getFirst().bucketCount();
    try (RawClient _ = new RawClient(server.endpoint()).enter(KEY, PlanesRun.RUN)) {
      ServedShard served = server.served(PlanesRun.RUN, 0).orElseThrow();
      run.train();

      assertThat(served.workers()).isEqualTo(2);
      assertThat(served.waiting()).isBetween(1, 2 * (buckets + 3));
      assertThat(NettyDataPlane.pooledBytes()).isLessThan(64 << 20);
    }
  }

  @Test
  void unixSocketThatIsNotThereIsNamed() {
    NettyDataPlane server = plane(Transport.TCP);
    NettyDataPlane worker = plane(Transport.UNIX);
    assertThatThrownBy(() -> connect(worker, server.endpoint()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("expected a Unix socket on this machine, found none");
  }

  @Test
  void encryptedConnectionsGiveTheSameWeights(@TempDir Path folder) throws Exception {
    SSLContext context = Certificates.sslContext(folder);
    WireSettings settings = WireSettings.loopback(KEY).by(Transport.TCP).encrypted(context);
    NettyDataPlane server = plane(settings);
    NettyDataPlane worker = plane(settings);
    PlanesRun run = new PlanesRun(JOB, 1 << 14, List.of(server), List.of(worker), s -> {});
    assertThat(run.train()).isEqualTo(PlanesRun.inProcess(JOB, 1).train());

    NettyDataPlane plain = plane(WireSettings.loopback(KEY).by(Transport.TCP).patience(2_000));
    assertThatThrownBy(() -> connect(plain, server.endpoint()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void lostServerIsToldToTheExchange() {
    NettyDataPlane server = plane(Transport.AUTO);
    NettyDataPlane worker = plane(Transport.AUTO);
    PlanesRun run = new PlanesRun(JOB, 1, List.of(server), List.of(worker), s -> {});
    server.close();

    await().atMost(LIMIT).until(() -> run.exchanges.getFirst().lost() != null);
  }

  @Test
  void bindingBeyondLoopbackNeedsKey() {
    WireSettings open = WireSettings.loopback(SharedKey.NONE).advertise("10.0.0.1", 0);
    assertThatThrownBy(() -> open.bindTo("0.0.0.0", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a key")
        .hasMessageContaining("lockstep key");
    assertThatThrownBy(() -> WireSettings.loopback(KEY).bindTo("0.0.0.0", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an advertised address");
  }
}
