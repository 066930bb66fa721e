package io.lockstep.training.trace;

import io.lockstep.training.trace.RunTrace.OfNode;
import java.util.ArrayList;
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

  private record Bucket(long step, int bucket) {

    static Bucket of(TraceEvent event) {
      return new Bucket(event.step(), event.bucket());
    }
  }

  private final int node;
  private final Map<Bucket, TraceEvent> firstSums = new LinkedHashMap<>();
  private final Map<Bucket, TraceEvent> lastSums = new LinkedHashMap<>();
  private final Map<Bucket, TraceEvent> mirrored = new LinkedHashMap<>();
  private final Map<Bucket, TraceEvent> published = new LinkedHashMap<>();

  private TraceWaits(int node, NodeTrace trace) {
    this.node = node;
    trace.events().filter(event -> event.kind() != TraceKind.PUBLISH).forEach(this::add);
    trace.events().filter(event -> event.kind() == TraceKind.PUBLISH).forEach(this::publish);
  }

  private void add(TraceEvent event) {
    Bucket bucket = Bucket.of(event);
    if (event.kind() == TraceKind.SUM) {
      firstSums.merge(bucket, event, (a, b) -> a.end() <= b.end() ? a : b);
      lastSums.merge(bucket, event, (a, b) -> a.end() > b.end() ? a : b);
    } else if (event.kind() == TraceKind.MIRROR) {
      mirrored.merge(bucket, event, (a, b) -> a.end() > b.end() ? a : b);
    }
  }

  /** The first after the mirroring counts: who comes late is told once more. */
  private void publish(TraceEvent event) {
    TraceEvent since = mirrored.get(Bucket.of(event));
    if (since != null && event.start() >= since.start()) {
      published.merge(Bucket.of(event), event, (a, b) -> a.start() <= b.start() ? a : b);
    }
  }

  static List<Wait> of(List<OfNode> nodes) {
    List<Wait> waits = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      TraceWaits of = new TraceWaits(node, nodes.get(node).trace());
      of.addTo(waits, "wait for slowest", of.firstSums, of.lastSums);
      of.addTo(waits, "wait for standby", of.mirrored, of.published);
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
