package io.lockstep.training.trace;

import io.lockstep.training.trace.RunTrace.OfNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server's buckets wait for, which no thread does: for the slowest part of a gradient, and
 * for the standby to have the new weights, too.
 */
final class TraceWaits {

  /**
   * A bucket waits on a node.
   *
   * @param name of what it waits for
   * @param last what ends it
   */
  record Wait(String name, int node, long start, TraceEvent last) {

    long end() {
      return last.start();
    }
  }

  private record Bucket(long step, int bucket) {}

  private final int node;
  private final Map<Bucket, TraceEvent> firstSums = new LinkedHashMap<>();
  private final Map<TraceKind, Map<Bucket, TraceEvent>> last = new EnumMap<>(TraceKind.class);

  private TraceWaits(int node, NodeTrace trace) {
    this.node = node;
    trace.threads().stream().flatMap(thread -> thread.events().stream()).forEach(this::add);
  }

  private void add(TraceEvent event) {
    Bucket bucket = new Bucket(event.step(), event.bucket());
    if (event.kind() == TraceKind.SUM) {
      firstSums.merge(bucket, event, (a, b) -> a.end() <= b.end() ? a : b);
    }
    last.computeIfAbsent(event.kind(), kind -> new LinkedHashMap<>())
        .merge(bucket, event, (a, b) -> a.end() > b.end() ? a : b);
  }

  private Map<Bucket, TraceEvent> last(TraceKind kind) {
    return last.getOrDefault(kind, Map.of());
  }

  static List<Wait> of(List<OfNode> nodes) {
    List<Wait> waits = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      TraceWaits of = new TraceWaits(node, nodes.get(node).trace());
      of.addTo(waits, "wait for slowest", of.firstSums, of.last(TraceKind.SUM));
      of.addTo(waits, "wait for standby", of.last(TraceKind.MIRROR), of.last(TraceKind.PUBLISH));
    }
    return waits;
  }

  private void addTo(
      List<Wait> waits, String name, Map<Bucket, TraceEvent> from, Map<Bucket, TraceEvent> until) {
    from.forEach(
        (bucket, first) -> {
          TraceEvent end = until.get(bucket);
          if (end != null && end.start() > first.end()) {
            waits.add(new Wait(name, node, first.end(), end));
          }
        });
  }
}
