package io.lockstep.training.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.training.trace.NodeTrace.OfThread;
import io.lockstep.training.trace.RunTrace.OfNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceFileTest {

  private static final TraceWindow WINDOW = new TraceWindow(5, 1);

  private static TraceEvent event(TraceKind kind, long start, long end) {
    return new TraceEvent(kind, 5, start, end, 3, 1, 2);
  }

  private static NodeTrace node(String name, TraceEvent... events) {
    return new NodeTrace(name, List.of(new OfThread("thread of " + name, 0, List.of(events))));
  }

  private static String text(long errorNanos, TraceEvent sent, TraceEvent... served) {
    OfNode worker = new OfNode(node("worker", sent), 0);
    OfNode server = new OfNode(node("server \"0\"", served), errorNanos);
    return text(
        new RunTrace(
            WINDOW, List.of("dense1"), List.of(worker, server), Map.of("worker-1", "lost")));
  }

  private static String text(RunTrace trace) {
    StringBuilder text = new StringBuilder();
    try {
      TraceFile.write(trace, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static List<String> lines(String text, String phase) {
    return Arrays.stream(text.split("\n"))
        .filter(line -> line.startsWith("{\"ph\":\"" + phase + "\""))
        .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
        .toList();
  }

  @Test
  void writesASliceForEachEventInMicrosecondsSinceTheFirst() {
    String text =
        text(
            1_500,
            event(TraceKind.SEND, 1_000_000, 1_000_007),
            event(TraceKind.SUM, 3_000_001, 3_002_501));

    assertThat(lines(text, "X"))
        .containsExactly(
            "{\"ph\":\"X\",\"name\":\"send b3\",\"pid\":1,\"tid\":1,\"ts\":0.000,\"dur\":0.007,\"cat\":\"wire\",\"args\":{\"step\":5,\"bucket\":3,\"level\":1,\"index\":2}}",
            "{\"ph\":\"X\",\"name\":\"sum b3\",\"pid\":2,\"tid\":1,\"ts\":2000.001,\"dur\":2.500,\"cat\":\"serve\",\"args\":{\"step\":5,\"bucket\":3,\"level\":1,\"index\":2}}");
    assertThat(lines(text, "M"))
        .contains(
            "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":2,\"tid\":1,\"args\":{\"name\":\"server \\\"0\\\"\"}}",
            "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":1,\"args\":{\"name\":\"thread of worker\"}}");
    assertThat(text)
        .contains(
            "\"otherData\":{\"firstStep\":5,\"steps\":1,\"nodes\":{\"worker\":{\"clockErrorUs\":0.000,\"eventsWithoutRoom\":0},\"server \\\"0\\\"\":{\"clockErrorUs\":1.500,\"eventsWithoutRoom\":0}},\"missing\":{\"worker-1\":\"lost\"}}");
  }

  @Test
  void namesTheLayer() {
    OfNode node =
        new OfNode(node("worker", new TraceEvent(TraceKind.FORWARD, 5, 0, 1, 0, 0, 0)), 0);
    String text = text(new RunTrace(WINDOW, List.of("dense1"), List.of(node), Map.of()));
    assertThat(text).contains("\"name\":\"forward dense1\"");
  }

  @Test
  void drawsAnArrowFromSendingByArrivalToTheSum() {
    String text =
        text(
            0,
            event(TraceKind.SEND, 0, 10),
            event(TraceKind.RECEIVE_GRADIENT, 20, 30),
            event(TraceKind.RECEIVE_GRADIENT, 40, 50),
            event(TraceKind.SUM, 50, 60));

    assertThat(lines(text, "s")).singleElement().asString().contains("\"pid\":1", "\"ts\":0.000");
    assertThat(lines(text, "t")).singleElement().asString().contains("\"pid\":2", "\"ts\":0.020");
    assertThat(lines(text, "f")).singleElement().asString().contains("\"pid\":2", "\"ts\":0.050");
  }

  /** From the end of the first part's sum to the begin of the last one's. */
  @Test
  void tellsHowLongABucketWaitsForTheSlowest() {
    TraceEvent last = new TraceEvent(TraceKind.SUM, 5, 900, 950, 3, 0, 7);
    String text = text(0, event(TraceKind.SEND, 0, 10), event(TraceKind.SUM, 50, 60), last);

    assertThat(lines(text, "b"))
        .singleElement()
        .asString()
        .contains("\"name\":\"wait for slowest b3\"", "\"ts\":0.060", "\"index\":7");
    assertThat(lines(text, "e")).singleElement().asString().contains("\"ts\":0.900");
  }

  /** From mirroring to publishing; an arrow each leads to the standby and back. */
  @Test
  void tellsHowLongABucketWaitsForItsStandby() {
    OfNode server =
        new OfNode(
            node("server", event(TraceKind.MIRROR, 0, 10), event(TraceKind.PUBLISH, 70, 80)), 0);
    OfNode standby =
        new OfNode(
            node(
                "standby",
                event(TraceKind.RECEIVE_ROOT, 20, 30),
                event(TraceKind.ACKNOWLEDGE, 50, 60)),
            0);
    String text = text(new RunTrace(WINDOW, List.of(), List.of(server, standby), Map.of()));

    assertThat(lines(text, "b"))
        .singleElement()
        .asString()
        .contains("\"name\":\"wait for standby b3\"", "\"pid\":1", "\"ts\":0.010");
    assertThat(lines(text, "e")).singleElement().asString().contains("\"ts\":0.070");
    assertThat(lines(text, "s")).hasSize(2);
    assertThat(lines(text, "f")).hasSize(2);
  }

  /** The server's clock is 500 ns behind, give or take 600: nothing is summed before it is sent. */
  @Test
  void shiftsANodeByNoMoreThanItsErrorSoThatNothingArrivesBeforeItWasSent() {
    TraceEvent sent = event(TraceKind.SEND, 1_500, 1_600);
    TraceEvent summed = event(TraceKind.SUM, 1_000, 1_100);

    assertThat(lines(text(600, sent, summed), "X").get(1)).contains("\"ts\":0.000");
    assertThat(lines(text(200, sent, summed), "X").get(0)).contains("\"ts\":0.300");
    assertThat(lines(text(200, sent, summed), "X").get(1)).contains("\"ts\":0.000");
  }

  /** A late worker's part was done by another, whose bytes came first. */
  @Test
  void leadsAnArrowFromWhoeverSentWhatArrivedAndShiftsNobodyForTheOther() {
    OfNode substitute = new OfNode(node("a", event(TraceKind.SEND, 100, 110)), 0);
    OfNode late = new OfNode(node("b", event(TraceKind.SEND, 500, 510)), 0);
    OfNode server =
        new OfNode(
            node(
                "server",
                event(TraceKind.RECEIVE_GRADIENT, 200, 210),
                event(TraceKind.SUM, 210, 220),
                event(TraceKind.RECEIVE_GRADIENT, 600, 610)),
            100);
    String text =
        text(new RunTrace(WINDOW, List.of(), List.of(substitute, late, server), Map.of()));

    assertThat(lines(text, "s")).singleElement().asString().contains("\"pid\":1", "\"ts\":0.000");
    assertThat(lines(text, "t")).singleElement().asString().contains("\"pid\":3", "\"ts\":0.100");
  }

  /** Who joins later is told of it once more. */
  @Test
  void aBucketWaitsForItsStandbyUntilItIsFirstPublished() {
    OfNode server =
        new OfNode(
            node(
                "server",
                event(TraceKind.MIRROR, 0, 10),
                event(TraceKind.PUBLISH, 70, 80),
                event(TraceKind.PUBLISH, 900, 910)),
            0);
    String text = text(new RunTrace(WINDOW, List.of(), List.of(server), Map.of()));

    assertThat(lines(text, "e")).singleElement().asString().contains("\"ts\":0.070");
  }

  /** A thread notes what is within before what is around it. */
  @Test
  void ofSlicesThatBeginAtOnceTheOuterComesFirst() {
    OfNode worker =
        new OfNode(node("worker", event(TraceKind.ROWS, 5, 10), event(TraceKind.PASS, 5, 90)), 0);
    String text = text(new RunTrace(WINDOW, List.of(), List.of(worker), Map.of()));

    assertThat(lines(text, "X").get(0)).contains("\"name\":\"pass\"");
    assertThat(lines(text, "X").get(1)).contains("\"name\":\"rows\"");
  }

  @Test
  void aNodesTraceGoesThroughBytes() {
    NodeTrace trace =
        node(
            "worker",
            event(TraceKind.SEND, -7, 10),
            new TraceEvent(TraceKind.EVALUATE, 1L << 40, 5, 6, (1 << 24) - 1, 255, 1 << 30));
    assertThat(NodeTrace.of("worker", trace.toBytes())).isEqualTo(trace);
  }

  @Test
  void refusesBytesThatAreNoTrace() {
    byte[] bytes = node("worker", event(TraceKind.SEND, 1, 2)).toBytes();
    assertThatThrownBy(() -> NodeTrace.of("worker", Arrays.copyOf(bytes, bytes.length - 1)))
        .hasMessage("worker: no trace: 1 times 32 bytes do not fit in 31");
    bytes[bytes.length - 9] = (byte) 200;
    assertThatThrownBy(() -> NodeTrace.of("worker", bytes))
        .hasMessage("worker: no trace: expected a known kind of event, found 200");
  }
}
