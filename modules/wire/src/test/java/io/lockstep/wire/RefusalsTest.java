package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.SmallJob;
import io.lockstep.wire.WireSettings.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Strangers and damaged frames come while a run stands at a step: each is refused by name, logged
 * once, and the run then ends with the same weights.
 */
@Timeout(120)
class RefusalsTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final Job JOB = SmallJob.of(6, 7);
  private static final long HELD_AT = 3;
  private static final long BUCKET_BYTES = 1 << 14;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int FLOATS = (int) BUCKET_BYTES / Float.BYTES;

  private final Warnings warnings = new Warnings();
  private NettyDataPlane server;
  private NettyDataPlane worker;
  private PlanesRun run;
  private CompletableFuture<float[]> weights;

  /** Keeps what connections say in the log. */
  private static final class Warnings extends AppenderBase<ILoggingEvent> {
    final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      messages.add(event.getLevel() + " " + event.getFormattedMessage());
    }
  }

  @BeforeEach
  void startRunAndHoldIt() {
    Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger(Link.class);
    warnings.start();
    logger.addAppender(warnings);
    logger.setAdditive(false);
    server = NettyDataPlane.start(WireSettings.loopback(KEY));
    worker = NettyDataPlane.start(WireSettings.loopback(KEY));
    run = new PlanesRun(JOB, BUCKET_BYTES, List.of(server), List.of(worker), step -> {});
    run.shards.getFirst().holdAt(HELD_AT);
    weights = CompletableFuture.supplyAsync(run::train);
    await().atMost(LIMIT).until(() -> run.losses.size() == HELD_AT);
  }

  @AfterEach
  void runEndsWithTheSameWeights() throws Exception {
    run.shards.getFirst().release(Long.MAX_VALUE);
    assertThat(weights.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo(PlanesRun.inProcess(JOB, 1).train());
    server.leave(PlanesRun.RUN);
    worker.leave(PlanesRun.RUN);
    server.close();
    worker.close();
    ((Logger) org.slf4j.LoggerFactory.getLogger(Link.class)).detachAppender(warnings);
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  private void assertLoggedOnce(String... words) {
    await().atMost(LIMIT).until(() -> !warnings.messages.isEmpty());
    assertThat(warnings.messages)
        .singleElement()
        .satisfies(message -> assertThat(message).startsWith("WARN").contains(words));
  }

  @Test
  void randomBytes() throws IOException {
    byte[] bytes = new byte[10_000];
    new Random(1).nextBytes(bytes);
    sendAndAwaitClose(bytes);
    assertLoggedOnce("frame magic: expected LKST", "127.0.0.1:");
  }

  @Test
  void httpRequest() throws IOException {
    sendAndAwaitClose("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertLoggedOnce("frame magic: expected LKST, found 47455420 (GET.)", "127.0.0.1:");
  }

  @Test
  void portScan() throws IOException {
    new RawClient(server.endpoint()).close();
    assertLoggedOnce("closed by the peer", "127.0.0.1:");
  }

  @Test
  void halfAHandshakeAndThenSilence() throws IOException {
    WireSettings hasty = WireSettings.loopback(KEY).patience(1_000);
    try (NettyDataPlane other = NettyDataPlane.start(hasty);
        RawClient client = new RawClient(other.endpoint())) {
      client.send(java.util.Arrays.copyOf(client.hello(KEY, PlanesRun.RUN), 50));
      client.awaitClose();
    }
    assertLoggedOnce("handshake: expected HELLO within 1000 ms, found none");
  }

  @Test
  void otherFrameBeforeTheHandshake() throws IOException {
    try (RawClient client = new RawClient(server.endpoint())) {
      client.send(gradient(client, 0, 0, FLOATS, PlanesRun.RUN));
      client.awaitClose();
    }
    assertLoggedOnce("bytes of payload: expected at most 512");
  }

  @Test
  void replayedHandshake() throws IOException {
    byte[] hello;
    try (RawClient client = new RawClient(server.endpoint())) {
      hello = client.hello(KEY, PlanesRun.RUN);
      client.send(hello);
      client.readMessage(FrameType.WELCOME);
    }
    await().atMost(LIMIT).until(() -> warnings.messages.size() == 1);
    warnings.messages.clear();
    try (RawClient client = new RawClient(server.endpoint())) {
      client.send(hello);
      client.readMessage(FrameType.REFUSED);
      client.awaitClose();
    }
    assertLoggedOnce("proof of the key");
  }

  @Test
  void wrongKey() {
    refused(
        SharedKey.random(), PlanesRun.RUN, "proof of the key: expected one made with this run's");
  }

  @Test
  void wrongRun() {
    RunIdentity other = new RunIdentity(9, PlanesRun.RUN.configuration());
    refused(KEY, other, "run id: expected 0000000000001234, found 0000000000000009");
  }

  @Test
  void shardThatIsNotHere() throws IOException {
    try (RawClient client = new RawClient(server.endpoint())) {
      client.send(client.hello(KEY, PlanesRun.RUN, FrameType.HELLO, 5));
      client.readMessage(FrameType.REFUSED);
      client.awaitClose();
    }
    assertLoggedOnce("shard: expected 0, found 5");
  }

  @Test
  void standbyThatIsNotNewer() throws IOException {
    try (RawClient _ = standby();
        RawClient second = new RawClient(server.endpoint())) {
      second.send(second.hello(KEY, PlanesRun.RUN, FrameType.STANDBY, 0));
      second.readMessage(FrameType.REFUSED);
      second.awaitClose();
      assertLoggedOnce(
          "standby of shard 0: expected one that is still wanted", "newer than number 1");
    }
    run.shards.getFirst().mirroring().end(1);
  }

  private RawClient standby() throws IOException {
    return new RawClient(server.endpoint()).enter(KEY, PlanesRun.RUN, FrameType.STANDBY);
  }

  @Test
  void frameThatNoStandbySends() throws IOException {
    try (RawClient standby = standby()) {
      standby.send(gradient(standby, HELD_AT, 0, FLOATS, PlanesRun.RUN));
      standby.awaitClose();
    }
    run.shards.getFirst().mirroring().end(1);
    assertLoggedOnce("frame of a standby: expected COMMITTED or EVALUATED, found GRADIENT");
  }

  @Test
  void standbyWithABucketOfAnotherShard() throws IOException {
    try (RawClient standby = standby()) {
      FrameHeader header = standby.encoder.begin(FrameType.COMMITTED, 0x1234, 0x5678);
      header.bucket = 1_000;
      standby.send(RawClient.bytes(standby.encoder.nothing()));
      standby.awaitClose();
    }
    run.shards.getFirst().mirroring().end(1);
    assertLoggedOnce("bucket of COMMITTED: expected one in [0, ", "raw (127.0.0.1:");
  }

  @Test
  void wrongConfiguration() {
    RunIdentity other = new RunIdentity(PlanesRun.RUN.runId(), 9);
    refused(KEY, other, "hash of the configuration");
  }

  /** A whole node that is not let in: both sides say so, once each. */
  private void refused(SharedKey key, RunIdentity identity, String reason) {
    WireSettings settings = WireSettings.loopback(key).by(Transport.TCP);
    try (NettyDataPlane stranger = NettyDataPlane.start(settings)) {
      assertThatThrownBy(() -> connect(stranger, identity))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("parameter server at " + server.endpoint())
          .hasMessageContaining(reason);
    }
    await().atMost(LIMIT).until(() -> warnings.messages.size() == 2);
    assertThat(warnings.messages).allSatisfy(message -> assertThat(message).contains(reason));
    assertThat(warnings.messages.toString()).contains("REFUSED");
  }

  private void connect(NettyDataPlane plane, RunIdentity identity) {
    Buckets buckets = new Buckets(JOB.network().parameters().packedLength(), BUCKET_BYTES, 1);
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    plane.connect(identity, "stranger", JOB, buckets, kernels, 0, 1, List.of(server.endpoint()));
  }

  @Test
  void otherProtocolVersion() {
    refusedFrame(frame -> frame[4]++, "protocol version", "expected 7, found 8");
  }

  @Test
  void damagedHeader() {
    refusedFrame(frame -> frame[40]++, "checksum of the header");
  }

  @Test
  void damagedPayload() {
    refusedFrame(frame -> frame[1000]++, "checksum of the payload of GRADIENT");
  }

  @Test
  void forgedLength() {
    refusedFrame(frame -> frame[FrameHeader.BYTES + 4]++, "number of floats in GRADIENT");
  }

  @Test
  void unknownClass() {
    refusedFrame(frame -> frame[FrameHeader.BYTES] = 99, "class of payload", "found id 97");
  }

  @Test
  void frameOfAnotherRun() {
    refusedAfterHandshake(
        client -> gradient(client, 0, 0, FLOATS, new RunIdentity(9, 9)), "run id: expected");
  }

  @Test
  void bucketOfAnotherShard() {
    refusedAfterHandshake(
        client -> gradient(client, 0, 1_000, FLOATS, PlanesRun.RUN), "bucket of GRADIENT");
  }

  @Test
  void bucketOfAnotherLength() {
    refusedAfterHandshake(
        client -> gradient(client, 0, 0, FLOATS - 1, PlanesRun.RUN),
        "bytes of payload of GRADIENT: expected 16392, found 16388");
  }

  @Test
  void stepThatHasNotBegun() {
    refusedAfterHandshake(
        client -> gradient(client, HELD_AT + 1, 0, FLOATS, PlanesRun.RUN),
        "GRADIENT: expected one that can be part of this run, found step: expected at most 3");
  }

  @Test
  void frameThatOnlyServersSend() {
    refusedAfterHandshake(
        client -> {
          client.encoder.begin(FrameType.STEP, 0x1234, 0x5678);
          return RawClient.bytes(client.encoder.nothing());
        },
        "frame of a worker: expected SUMS, GRADIENT or EVALUATION, found STEP");
  }

  @Test
  void lateGradientIsDroppedSilently() throws IOException {
    try (RawClient client = new RawClient(server.endpoint()).enter(KEY, PlanesRun.RUN)) {
      client.send(gradient(client, 0, 0, FLOATS, PlanesRun.RUN));
      client.send(sums(client, 0));
      await().atMost(LIMIT).until(() -> leastReceivedOfClients() >= 3); // With its HELLO.
      assertThat(server.served(PlanesRun.RUN, 0).orElseThrow().workers()).isEqualTo(2);
      assertThat(warnings.messages).isEmpty();
    }
  }

  /**
   * How many frames the server has read of clients, at least: those that the worker has sent may
   * still be on their way, and are then taken off too much.
   */
  private long leastReceivedOfClients() {
    long received = server.traffic().framesReceived(); // Before what it is compared with grows.
    return received - worker.traffic().framesSent();
  }

  @Test
  void workerThatDiesWithinAGradientLeavesNothingBehind() throws IOException {
    try (RawClient client = new RawClient(server.endpoint()).enter(KEY, PlanesRun.RUN)) {
      byte[] frame = gradient(client, HELD_AT, 0, FLOATS, PlanesRun.RUN);
      client.send(java.util.Arrays.copyOf(frame, frame.length / 2));
    }
    assertLoggedOnce("raw (127.0.0.1:");
  }

  private void refusedFrame(Consumer<byte[]> damage, String... words) {
    refusedAfterHandshake(
        client -> {
          byte[] frame = gradient(client, 0, 0, FLOATS, PlanesRun.RUN);
          damage.accept(frame);
          return frame;
        },
        words);
  }

  private void refusedAfterHandshake(
      java.util.function.Function<RawClient, byte[]> frame, String... words) {
    try (RawClient client = new RawClient(server.endpoint()).enter(KEY, PlanesRun.RUN)) {
      client.send(frame.apply(client));
      client.awaitClose();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertLoggedOnce(words);
    assertLoggedOnce("raw (127.0.0.1:");
  }

  private static byte[] gradient(
      RawClient client, long step, int bucket, int floats, RunIdentity identity) {
    FrameHeader header =
        client.encoder.begin(FrameType.GRADIENT, identity.runId(), identity.configuration());
    header.step = step;
    header.bucket = bucket;
    header.units = JOB.mostLeaves();
    return RawClient.bytes(
        client.encoder.floats(new float[floats], 0, floats, GradientFormat.FLOAT32));
  }

  private static byte[] sums(RawClient client, long step) {
    FrameHeader header = client.encoder.begin(FrameType.SUMS, 0x1234, 0x5678);
    header.step = step;
    header.units = JOB.mostLeaves();
    return RawClient.bytes(client.encoder.message(new Sums()));
  }

  private void sendAndAwaitClose(byte[] bytes) throws IOException {
    try (RawClient client = new RawClient(server.endpoint())) {
      client.send(bytes);
      client.awaitClose();
    }
  }
}
