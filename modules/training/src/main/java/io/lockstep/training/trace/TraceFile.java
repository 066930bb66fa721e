package io.lockstep.training.trace;

import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceFlows.Flow;
import io.lockstep.training.trace.TraceFlows.Point;
import io.lockstep.training.trace.TraceWaits.Wait;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes a trace in Chrome's trace event format, which Perfetto and {@code chrome://tracing} open:
 * a process for each node, a slice for each event, arrows for what travels, and for each bucket at
 * its server how long that waited for the slowest part. Times are microseconds since the first
 * event.
 */
public final class TraceFile {

  private static final int NANOS_PER_MICRO = 1_000;

  private static final Comparator<TraceEvent> OUTER_FIRST =
      Comparator.comparingLong(TraceEvent::start)
          .thenComparing(Comparator.comparingLong(TraceEvent::end).reversed());

  private final Appendable json;
  private final RunTrace trace;
  private final List<OfNode> nodes;
  private final List<Flow> flows;
  private final long origin;
  private boolean empty = true;

  private TraceFile(RunTrace trace, Appendable json) {
    this.json = json;
    this.trace = trace;
    List<Flow> found = TraceFlows.of(trace.nodes());
    this.nodes = TraceFlows.inOrder(trace.nodes(), found);
    this.flows = nodes == trace.nodes() ? found : TraceFlows.of(nodes);
    this.origin =
        nodes.stream()
            .flatMap(node -> node.trace().events())
            .mapToLong(TraceEvent::start)
            .min()
            .orElse(0);
  }

  /**
   * Writes a trace piece by piece: the text may be longer than memory allows.
   *
   * @throws IOException if {@code json} throws it
   */
  public static void write(RunTrace trace, Appendable json) throws IOException {
    TraceFile file = new TraceFile(trace, json);
    file.metadata();
    json.append("\"traceEvents\":[");
    for (int node = 0; node < file.nodes.size(); node++) {
      file.node(node, file.nodes.get(node).trace());
    }
    file.waits();
    file.flows();
    json.append("\n]}\n");
  }

  private void metadata() throws IOException {
    json.append("{\"displayTimeUnit\":\"ms\",\n\"otherData\":{\"firstStep\":");
    number(trace.window().first());
    json.append(",\"steps\":");
    number(trace.window().count());
    json.append(",\"nodes\":{");
    for (int node = 0; node < nodes.size(); node++) {
      json.append(node == 0 ? "" : ",");
      metadata(nodes.get(node));
    }
    json.append("},\"missing\":{");
    String separator = "";
    for (Map.Entry<String, String> missing : trace.missing().entrySet()) {
      json.append(separator).append(quoted(missing.getKey()));
      json.append(':').append(quoted(missing.getValue()));
      separator = ",";
    }
    json.append("}},\n");
  }

  private void metadata(OfNode node) throws IOException {
    json.append(quoted(node.trace().name())).append(":{\"clockErrorUs\":");
    micros(node.errorNanos());
    json.append(",\"eventsWithoutRoom\":");
    number(node.trace().dropped());
    json.append('}');
  }

  private void node(int node, NodeTrace of) throws IOException {
    name("process_name", node, 0, of.name());
    for (int thread = 0; thread < of.threads().size(); thread++) {
      name("thread_name", node, thread, of.threads().get(thread).name());
      for (TraceEvent event : outerFirst(of.threads().get(thread).events())) {
        slice(node, thread, event);
      }
    }
  }

  /** By their begins: where two begin at once, some readers take the first as the outer one. */
  private static List<TraceEvent> outerFirst(List<TraceEvent> byEnd) {
    return byEnd.reversed().stream().sorted(OUTER_FIRST).toList();
  }

  private void name(String what, int node, int thread, String name) throws IOException {
    begin("M", what, node, thread);
    json.append(",\"args\":{\"name\":").append(quoted(name)).append("}}");
  }

  private void slice(int node, int thread, TraceEvent event) throws IOException {
    begin("X", name(event), node, thread);
    at(event.start());
    json.append(",\"dur\":");
    micros(event.end() - event.start());
    json.append(",\"cat\":\"").append(event.kind().category()).append("\",\"args\":{\"step\":");
    number(event.step());
    switch (event.kind().of()) {
      case NODE -> treeNode(event);
      case BUCKET -> bucket(event);
      case BUCKET_OF_NODE -> {
        bucket(event);
        treeNode(event);
      }
      case STEP, LAYER -> {}
    }
    json.append("}}");
  }

  private void bucket(TraceEvent event) throws IOException {
    json.append(",\"bucket\":");
    number(event.bucket());
  }

  private void treeNode(TraceEvent event) throws IOException {
    json.append(",\"level\":");
    number(event.level());
    json.append(",\"index\":");
    number(event.index());
  }

  private String name(TraceEvent event) {
    String label = event.kind().label();
    return switch (event.kind().of()) {
      case STEP, NODE -> label;
      case LAYER ->
          label
              + " "
              + (event.index() < trace.layers().size()
                  ? trace.layers().get(event.index())
                  : event.index());
      case BUCKET, BUCKET_OF_NODE -> label + " b" + event.bucket();
    };
  }

  private void waits() throws IOException {
    List<Wait> waits = TraceWaits.of(nodes);
    for (int id = 0; id < waits.size(); id++) {
      Wait wait = waits.get(id);
      wait("b", id, wait, wait.start());
      json.append(",\"args\":{\"step\":");
      number(wait.last().step());
      treeNode(wait.last());
      json.append("}}");
      wait("e", id, wait, wait.end());
      json.append('}');
    }
  }

  private void wait(String phase, int id, Wait wait, long nanos) throws IOException {
    begin(phase, wait.name() + " b" + wait.last().bucket(), wait.node(), 0);
    at(nanos);
    json.append(",\"cat\":\"wait\",\"id\":");
    number(id);
  }

  private void flows() throws IOException {
    for (int id = 0; id < flows.size(); id++) {
      Flow flow = flows.get(id);
      int last = flow.points().size() - 1;
      for (int i = 0; i <= last; i++) {
        flow(i == 0 ? "s" : i < last ? "t" : "f", id, flow.name(), flow.points().get(i));
      }
    }
  }

  private void flow(String phase, int id, String name, Point point) throws IOException {
    begin(phase, name, point.node(), point.thread());
    at(point.start());
    json.append(",\"cat\":\"flow\",\"id\":");
    number(id);
    json.append(phase.equals("s") ? "}" : ",\"bp\":\"e\"}");
  }

  private void begin(String phase, String name, int node, int thread) throws IOException {
    json.append(empty ? "\n" : ",\n").append("{\"ph\":\"").append(phase).append("\",\"name\":");
    empty = false;
    json.append(quoted(name)).append(",\"pid\":");
    number(node + 1);
    json.append(",\"tid\":");
    number(thread + 1);
  }

  private void at(long nanos) throws IOException {
    json.append(",\"ts\":");
    micros(nanos - origin);
  }

  private void number(long number) throws IOException {
    json.append(Long.toString(number));
  }

  /** Three decimals, so that nothing is rounded: what is nested stays so. */
  private void micros(long nanos) throws IOException {
    number(nanos / NANOS_PER_MICRO);
    int rest = (int) (nanos % NANOS_PER_MICRO);
    json.append('.').append(digit(rest / 100)).append(digit(rest / 10)).append(digit(rest));
  }

  private static char digit(int number) {
    return (char) ('0' + number % 10);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
