package io.lockstep.training.trace;

import io.lockstep.training.trace.RunTrace.OfNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What travelled between threads: each bucket of a gradient from where it is sent, by where it
 * arrives, to where it is added; each bucket of weights from where it is published to where it
 * arrives, and before that over the standby, where there is one.
 *
 * <p>The same may be sent twice, as when a node is late and another does its part: what arrived
 * first counts, and comes from whoever sent it last before that.
 */
final class TraceFlows {

  /** An event of a thread of a node. */
  record Point(int node, int thread, TraceEvent event) {

    long start() {
      return event.start();
    }
  }

  /**
   * From one point to the next.
   *
   * @param isCertain whether it can have come from nowhere else
   */
  record Flow(String name, List<Point> points, boolean isCertain) {}

  private record Gradient(long step, int bucket, int level, int index) {

    static Gradient of(TraceEvent event) {
      return new Gradient(event.step(), event.bucket(), event.level(), event.index());
    }
  }

  /** The ways of a bucket of a gradient. */
  private static final class Sent {

    private final List<Point> senders = new ArrayList<>(1);
    private Point received;
    private Point summed;
  }

  private record Bucket(long step, int bucket) {}

  private static final Comparator<Point> BY_TIME = Comparator.comparingLong(Point::start);

  private final List<OfNode> nodes;
  private final Map<Gradient, Sent> gradients = new LinkedHashMap<>();

  /** Of each kind the first event of each node. */
  private final Map<Bucket, Map<TraceKind, Map<Integer, Point>>> weights = new LinkedHashMap<>();

  private TraceFlows(List<OfNode> nodes) {
    this.nodes = nodes;
    for (int node = 0; node < nodes.size(); node++) {
      List<NodeTrace.OfThread> threads = nodes.get(node).trace().threads();
      for (int thread = 0; thread < threads.size(); thread++) {
        for (TraceEvent event : threads.get(thread).events()) {
          add(new Point(node, thread, event));
        }
      }
    }
  }

  private void add(Point point) {
    switch (point.event().kind()) {
      case SEND -> sent(point).senders.add(point);
      case RECEIVE_GRADIENT -> {
        Sent sent = sent(point);
        sent.received = first(sent.received, point);
      }
      case SUM -> {
        Sent sent = sent(point);
        sent.summed = first(sent.summed, point);
      }
      case MIRROR, RECEIVE_ROOT, ACKNOWLEDGE, PUBLISH, RECEIVE_WEIGHTS ->
          weights
              .computeIfAbsent(
                  new Bucket(point.event().step(), point.event().bucket()),
                  bucket -> new EnumMap<>(TraceKind.class))
              .computeIfAbsent(point.event().kind(), kind -> new LinkedHashMap<>())
              .merge(point.node(), point, TraceFlows::first);
      default -> {}
    }
  }

  private Sent sent(Point point) {
    return gradients.computeIfAbsent(Gradient.of(point.event()), gradient -> new Sent());
  }

  /** The first bytes of a bucket count: they are the earliest that must not precede the sending. */
  private static Point first(Point a, Point b) {
    return a == null || b.start() < a.start() ? b : a;
  }

  /** All that have an end, and a beginning. */
  static List<Flow> of(List<OfNode> nodes) {
    TraceFlows flows = new TraceFlows(nodes);
    List<Flow> all = new ArrayList<>();
    flows.gradients.values().forEach(sent -> flows.add(all, sent));
    for (Map<TraceKind, Map<Integer, Point>> bucket : flows.weights.values()) {
      add(all, "root", bucket.get(TraceKind.MIRROR), bucket.get(TraceKind.RECEIVE_ROOT));
      add(all, "acknowledged", bucket.get(TraceKind.ACKNOWLEDGE), bucket.get(TraceKind.PUBLISH));
      add(all, "weights", bucket.get(TraceKind.PUBLISH), bucket.get(TraceKind.RECEIVE_WEIGHTS));
    }
    return all;
  }

  private void add(List<Flow> all, Sent sent) {
    Point arrived = sent.received == null ? sent.summed : sent.received;
    if (arrived != null && !sent.senders.isEmpty()) {
      List<Point> points =
          Stream.of(sender(sent.senders, arrived), sent.received, sent.summed)
              .filter(Objects::nonNull)
              .toList();
      all.add(new Flow("gradient", points, sent.senders.size() == 1));
    }
  }

  /** Whoever sent it last before it arrived, as far as clocks tell; else the first. */
  private Point sender(List<Point> senders, Point arrived) {
    return senders.stream()
        .filter(sender -> sender.start() <= arrived.start() + error(sender) + error(arrived))
        .max(BY_TIME)
        .orElseGet(() -> senders.stream().min(BY_TIME).orElseThrow());
  }

  private long error(Point point) {
    return nodes.get(point.node()).errorNanos();
  }

  private static void add(
      List<Flow> all, String name, Map<Integer, Point> from, Map<Integer, Point> to) {
    if (from != null && to != null) {
      Point begin = from.values().stream().min(BY_TIME).orElseThrow();
      to.values().forEach(end -> all.add(new Flow(name, List.of(begin, end), from.size() == 1)));
    }
  }

  /**
   * The same nodes, each shifted by no more than its error, so that nothing arrives before it was
   * sent, as far as that suffices.
   *
   * @param flows what travelled between them
   */
  static List<OfNode> inOrder(List<OfNode> nodes, List<Flow> flows) {
    List<Flow> certain = flows.stream().filter(Flow::isCertain).toList();
    List<OfNode> shifted = new ArrayList<>(nodes);
    long[] by = new long[nodes.size()];
    for (int node = 0; node < by.length; node++) {
      by[node] = shift(node, nodes.get(node).errorNanos(), certain, by);
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
        long took = to.start() + by[to.node()] - from.start() - by[from.node()];
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
