package io.lockstep.nn.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph as names and arrows, for drawings.
 *
 * @param nodes in topological order, the output last
 */
public record GraphView(List<Node> nodes) {

  /** What a node is. */
  public enum Kind {
    INPUT,
    PARAMETER,
    CONSTANT,
    PRIMITIVE
  }

  /**
   * A node.
   *
   * @param id unlike those of other nodes
   * @param kind what it is
   * @param name of the variable or the primitive
   * @param sources what it is computed from
   */
  public record Node(int id, Kind kind, String name, List<Source> sources) {}

  /**
   * An arrow's start.
   *
   * @param id of a node
   * @param shape of what it yields, for instance {@code [rows × 10]}
   */
  public record Source(int id, String shape) {}

  /** A layer. */
  public static GraphView of(ComposedLayer layer) {
    return of(layer.graph());
  }

  /** A graph. */
  public static GraphView of(ComputationalGraph graph) {
    List<Node> nodes = new ArrayList<>();
    Set<Integer> done = new HashSet<>();
    for (Primitive primitive : graph.primitives()) {
      List<Source> sources = new ArrayList<>();
      for (Variable input : primitive.inputs()) {
        if (input.primitive() == null && done.add(input.id())) {
          nodes.add(leaf(graph.composition(), input));
        }
        sources.add(new Source(input.id(), shape(input.size())));
      }
      if (primitive.indices() != null) {
        sources.add(indices(primitive.indices(), done, nodes));
      }
      nodes.add(new Node(primitive.output().id(), Kind.PRIMITIVE, primitive.label(), sources));
    }
    return new GraphView(List.copyOf(nodes));
  }

  /** Bound indices have ids below those of all variables. */
  private static Source indices(Indices indices, Set<Integer> done, List<Node> nodes) {
    Variable from = indices.source();
    int id = from == null ? -1 - indices.id() : from.id();
    if ((from == null || from.primitive() == null) && done.add(id)) {
      nodes.add(new Node(id, Kind.INPUT, from == null ? indices.name() : from.name(), List.of()));
    }
    return new Source(id, "[rows]");
  }

  private static Node leaf(Composition composition, Variable leaf) {
    Kind kind = Kind.CONSTANT;
    if (leaf.size().isBatch()) {
      kind = Kind.INPUT;
    } else if (composition.parameterVariables().contains(leaf)) {
      kind = Kind.PARAMETER;
    }
    return new Node(leaf.id(), kind, leaf.name(), List.of());
  }

  private static String shape(Dimensions size) {
    return "[%s × %d]".formatted(size.isBatch() ? "rows" : size.rows(), size.columns());
  }
}
