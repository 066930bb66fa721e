package io.lockstep.training.trace;

import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceFlows.Flow;
import io.lockstep.training.trace.TraceFlows.Point;
import io.lockstep.training.trace.TraceWaits.Wait;
import java.util.List;
import java.util.Locale;

/**
 * Writes a trace in Chrome's trace event format, which Perfetto and {@code chrome://tracing} open:
 * a process for each node, a slice for each event, arrows for what travels, and for each bucket at
 * its server how long that waited for the slowest part. Times are microseconds since the first
 * event.
 */
public final class TraceFile {

  private static final double NANOS_PER_MICRO = 1_000;

  private final RunTrace trace;
  private final List<OfNode> nodes;
  private final long origin;
  private final StringBuilder json = new StringBuilder("{\"displayTimeUnit\":\"ms\",\n");
  private boolean empty = true;

  private TraceFile(RunTrace trace) {
    this.trace = trace;
    this.nodes = TraceFlows.inOrder(trace.nodes());
    this.origin =
        nodes.stream()
            .flatMap(node -> node.trace().threads().stream())
            .flatMap(thread -> thread.events().stream())
            .mapToLong(TraceEvent::start)
            .min()
            .orElse(0);
  }

  /** The text of the file. */
  public static String text(RunTrace trace) {
    TraceFile file = new TraceFile(trace);
    file.metadata();
    file.json.append("\"traceEvents\":[");
    for (int node = 0; node < file.nodes.size(); node++) {
      file.node(node, file.nodes.get(node).trace());
    }
    file.waits();
    file.flows(TraceFlows.of(file.nodes));
    return file.json.append("\n]}\n").toString();
  }

  private void metadata() {
    json.append("\"otherData\":{\"firstStep\":").append(trace.window().first());
    json.append(",\"steps\":").append(trace.window().count()).append(",\"nodes\":{");
    for (int node = 0; node < nodes.size(); node++) {
      OfNode of = nodes.get(node);
      json.append(node == 0 ? "" : ",").append(quoted(of.trace().name()));
      json.append(":{\"clockErrorUs\":").append(micros(of.errorNanos()));
      json.append(",\"eventsWithoutRoom\":").append(of.trace().dropped()).append('}');
    }
    json.append("},\"missing\":[");
    json.append(String.join(",", trace.missing().stream().map(TraceFile::quoted).toList()));
    json.append("]},\n");
  }

  private void node(int node, NodeTrace of) {
    name("process_name", node, 0, of.name());
    for (int thread = 0; thread < of.threads().size(); thread++) {
      name("thread_name", node, thread, of.threads().get(thread).name());
      for (TraceEvent event : of.threads().get(thread).events()) {
        slice(node, thread, event);
      }
    }
  }

  private void name(String what, int node, int thread, String name) {
    begin("M", what, node, thread).append(",\"args\":{\"name\":").append(quoted(name)).append("}}");
  }

  private void slice(int node, int thread, TraceEvent event) {
    at(begin("X", name(event), node, thread), event.start())
        .append(",\"dur\":")
        .append(micros(event.end() - event.start()))
        .append(",\"cat\":\"")
        .append(event.kind().category())
        .append("\",\"args\":{\"step\":")
        .append(event.step());
    switch (event.kind().of()) {
      case NODE -> treeNode(event);
      case BUCKET -> json.append(",\"bucket\":").append(event.bucket());
      case BUCKET_OF_NODE -> {
        json.append(",\"bucket\":").append(event.bucket());
        treeNode(event);
      }
      case STEP, LAYER -> {}
    }
    json.append("}}");
  }

  private void treeNode(TraceEvent event) {
    json.append(",\"level\":").append(event.level()).append(",\"index\":").append(event.index());
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

  private void waits() {
    List<Wait> waits = TraceWaits.of(nodes);
    for (int id = 0; id < waits.size(); id++) {
      Wait wait = waits.get(id);
      String name = wait.name() + " b" + wait.last().bucket();
      at(begin("b", name, wait.node(), 0), wait.start())
          .append(",\"cat\":\"wait\",\"id\":")
          .append(id)
          .append(",\"args\":{\"step\":")
          .append(wait.last().step());
      treeNode(wait.last());
      json.append("}}");
      at(begin("e", name, wait.node(), 0), wait.end())
          .append(",\"cat\":\"wait\",\"id\":")
          .append(id)
          .append('}');
    }
  }

  private void flows(List<Flow> flows) {
    for (int id = 0; id < flows.size(); id++) {
      Flow flow = flows.get(id);
      int last = flow.points().size() - 1;
      for (int i = 0; i <= last; i++) {
        flow(i == 0 ? "s" : i < last ? "t" : "f", id, flow.name(), flow.points().get(i));
      }
    }
  }

  private void flow(String phase, int id, String name, Point point) {
    at(begin(phase, name, point.node(), point.thread()), point.event().start())
        .append(",\"cat\":\"flow\",\"id\":")
        .append(id)
        .append(phase.equals("s") ? "}" : ",\"bp\":\"e\"}");
  }

  private StringBuilder begin(String phase, String name, int node, int thread) {
    json.append(empty ? "\n" : ",\n").append("{\"ph\":\"").append(phase).append("\",\"name\":");
    empty = false;
    return json.append(quoted(name))
        .append(",\"pid\":")
        .append(node + 1)
        .append(",\"tid\":")
        .append(thread + 1);
  }

  private StringBuilder at(StringBuilder to, long nanos) {
    return to.append(",\"ts\":").append(micros(nanos - origin));
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MICRO);
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
