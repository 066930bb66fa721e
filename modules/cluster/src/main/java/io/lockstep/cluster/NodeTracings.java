package io.lockstep.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node notes in the run that it takes part in, and what it has noted whenever it took part
 * before, until the driver asks for it no more. Used by the node's actor.
 */
final class NodeTracings {

  private final List<NodeTracing> all = new ArrayList<>();

  void add(NodeTracing tracing) {
    all.add(tracing);
  }

  void on(Tracing.ToNode message) {
    of(message.life()).ifPresent(tracing -> tracing.on(message));
  }

  private Optional<NodeTracing> of(long life) {
    return all.stream().filter(tracing -> tracing.life() == life).findAny();
  }

  /** A second has passed. */
  void look() {
    all.forEach(NodeTracing::look);
    all.removeIf(NodeTracing::isForgotten);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }
}
