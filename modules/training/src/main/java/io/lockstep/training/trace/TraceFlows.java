package io.lockstep.training.trace;

import io.lockstep.training.trace.RunTrace.OfNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What travelled between threads: each bucket of a gradient from where it is sent, by where it
 * arrives, to where it is added; each bucket of weights from where it is published to where it
 * arrives, and before that over the standby, where there is one.
 */
final class TraceFlows {

  /** An event of a thread of a node. */
  record Point(int node, int thread, TraceEvent event) {}

  /** From one point to the next. */
  record Flow(String name, List<Point> points) {}

  private record Gradient(long step, int bucket, int level, int index) {

    static Gradient of(TraceEvent event) {
      return new Gradient(event.step(), event.bucket(), event.level(), event.index());
    }
  }

  /** A bucket of weights, or of what they come of. */
  private record Weights(TraceKind kind, long step, int bucket) {}

  private final Map<Gradient, List<Point>> gradients = new LinkedHashMap<>();

  /** The first of each node. */
  private final Map<Weights, Map<Integer, Point>> weights = new LinkedHashMap<>();

  private TraceFlows(List<OfNode> nodes) {
    for (TraceKind kind :
        List.of(
            TraceKind.SEND,
            TraceKind.RECEIVE_GRADIENT,
            TraceKind.SUM,
            TraceKind.MIRROR,
            TraceKind.RECEIVE_ROOT,
            TraceKind.ACKNOWLEDGE,
            TraceKind.PUBLISH,
            TraceKind.RECEIVE_WEIGHTS)) {
      for (int node = 0; node < nodes.size(); node++) {
        add(kind, node, nodes.get(node).trace().threads());
      }
    }
  }

  private void add(TraceKind kind, int node, List<NodeTrace.OfThread> threads) {
    for (int thread = 0; thread < threads.size(); thread++) {
      for (TraceEvent event : threads.get(thread).events()) {
        if (event.kind() == kind) {
          add(new Point(node, thread, event));
        }
      }
    }
  }

  private void add(Point point) {
    TraceEvent event = point.event();
    switch (event.kind()) {
      case SEND -> gradients.put(Gradient.of(event), new ArrayList<>(List.of(point)));
      case RECEIVE_GRADIENT, SUM -> arrived(point);
      default ->
          weights
              .computeIfAbsent(
                  new Weights(event.kind(), event.step(), event.bucket()),
                  key -> new LinkedHashMap<>())
              .putIfAbsent(point.node(), point);
    }
  }

  /** The first bytes of a bucket count: they are the earliest that must not precede the sending. */
  private void arrived(Point point) {
    List<Point> points = gradients.get(Gradient.of(point.event()));
    if (points != null && points.getLast().event().kind() != point.event().kind()) {
      points.add(point);
    }
  }

  /** All that have an end, and a beginning. */
  static List<Flow> of(List<OfNode> nodes) {
    TraceFlows flows = new TraceFlows(nodes);
    List<Flow> all = new ArrayList<>();
    for (List<Point> points : flows.gradients.values()) {
      if (points.size() > 1) {
        all.add(new Flow("gradient", points));
      }
    }
    flows.add(all, "root", TraceKind.MIRROR, TraceKind.RECEIVE_ROOT);
    flows.add(all, "acknowledged", TraceKind.ACKNOWLEDGE, TraceKind.PUBLISH);
    flows.add(all, "weights", TraceKind.PUBLISH, TraceKind.RECEIVE_WEIGHTS);
    return all;
  }

  private void add(List<Flow> all, String name, TraceKind from, TraceKind to) {
    weights.forEach(
        (key, points) -> {
          Weights end = new Weights(to, key.step(), key.bucket());
          if (key.kind() == from && weights.containsKey(end)) {
            Point begin = points.values().iterator().next();
            weights.get(end).values().forEach(p -> all.add(new Flow(name, List.of(begin, p))));
          }
        });
  }

  /**
   * The same nodes, each shifted by no more than its error, so that nothing arrives before it was
   * sent, as far as that suffices.
   */
  static List<OfNode> inOrder(List<OfNode> nodes) {
    List<OfNode> shifted = new ArrayList<>(nodes);
    List<Flow> flows = of(nodes);
    long[] by = new long[nodes.size()];
    for (int node = 0; node < by.length; node++) {
      by[node] = shift(node, nodes.get(node).errorNanos(), flows, by);
      shifted.set(node, nodes.get(node).later(by[node]));
    }
    return Arrays.stream(by).allMatch(nanos -> nanos == 0) ? nodes : shifted;
  }

  private static long shift(int node, long error, List<Flow> flows, long[] by) {
    long least = Long.MIN_VALUE;
    long most = Long.MAX_VALUE;
    for (Flow flow : flows) {
      for (int i = 1; i < flow.points().size(); i++) {
        Point from = flow.points().get(i - 1);
        Point to = flow.points().get(i);
        long took = to.event().start() + by[to.node()] - from.event().start() - by[from.node()];
        if (to.node() == node && from.node() != node) {
          least = Math.max(least, -took);
        } else if (from.node() == node && to.node() != node) {
          most = Math.min(most, took);
        }
      }
    }
    long wanted = least > most ? least / 2 + most / 2 : Math.clamp(0, least, most);
    return Math.clamp(wanted, -error, error);
  }
}
