package io.lockstep.nn.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that one output of a {@link Composition} is made of, in topological order, with a plan of its
 * memory. Immutable, shared by all {@link Evaluation}s.
 */
public final class ComputationalGraph {

  private final Composition composition;
  private final Variable output;
  private final List<Primitive> primitives;
  private final List<Step> steps;
  private final GraphMemory memory;

  /**
   * A part of the reverse pass: a primitive's backward for one input.
   *
   * @param adds whether that input already has a part of its gradient
   */
  record Step(Primitive primitive, int k, boolean adds) {
    Variable input() {
      return primitive.inputs().get(k);
    }
  }

  /**
   * @param output what is computed
   * @param wanted inputs and parameters in which it is differentiated
   * @throws IllegalArgumentException if the output is an input itself
   */
  public ComputationalGraph(Variable output, List<Variable> wanted) {
    if (output.primitive() == null) {
      throw new IllegalArgumentException(
          "graph: expected an output that is computed but found " + output);
    }
    this.composition = output.composition();
    this.output = output;
    this.primitives = reachable(output);
    Set<Variable> needed = needed(primitives, wanted);
    this.memory = new GraphMemory(composition);
    primitives.forEach(primitive -> memory.placeValue(primitive.output()));
    this.steps = steps(needed);
  }

  private static List<Primitive> reachable(Variable output) {
    TreeMap<Integer, Primitive> byId = new TreeMap<>();
    List<Variable> open = new ArrayList<>(List.of(output));
    while (!open.isEmpty()) {
      Variable variable = open.removeLast();
      Primitive primitive = variable.primitive();
      if (primitive != null && byId.put(variable.id(), primitive) == null) {
        open.addAll(primitive.sources());
      }
    }
    return List.copyOf(byId.values());
  }

  /** What lies between the wanted variables and the output, those included. */
  private static Set<Variable> needed(List<Primitive> primitives, List<Variable> wanted) {
    Set<Variable> needed = new HashSet<>(wanted);
    for (Primitive primitive : primitives) {
      if (primitive.inputs().stream().anyMatch(needed::contains)) {
        needed.add(primitive.output());
      }
    }
    return needed;
  }

  private List<Step> steps(Set<Variable> needed) {
    List<Step> all = new ArrayList<>();
    Set<Variable> begun = new HashSet<>(Set.of(output));
    for (Primitive primitive : primitives.reversed()) {
      if (begun.contains(primitive.output()) && needed.contains(primitive.output())) {
        for (int k = 0; k < primitive.inputs().size(); k++) {
          Variable input = primitive.inputs().get(k);
          if (needed.contains(input)) {
            boolean first = begun.add(input);
            all.add(new Step(primitive, k, !first));
            memory.placeGradient(input, first);
          }
        }
        memory.releaseGradient(primitive.output());
      }
    }
    return List.copyOf(all);
  }

  /** What is computed. */
  public Variable output() {
    return output;
  }

  /** Whether the output has a gradient in {@code variable} that {@link Evaluation} computes. */
  public boolean differentiates(Variable variable) {
    return steps.stream().anyMatch(step -> step.input().id() == variable.id());
  }

  Composition composition() {
    return composition;
  }

  /** In topological order. */
  List<Primitive> primitives() {
    return primitives;
  }

  /** The reverse pass in order. */
  List<Step> steps() {
    return steps;
  }

  GraphMemory memory() {
    return memory;
  }

  /** Floats of left factors of products, for {@code rows} rows of the batch. */
  long packedFloats(int rows) {
    return primitives.stream().mapToLong(p -> p.packedFloats(rows)).max().orElse(0);
  }

  int transposedFloats() {
    return primitives.stream().mapToInt(Primitive::transposedFloats).max().orElse(0);
  }

  /** About the floats of an {@link Evaluation} for each row of the batch. */
  public int floatsPerRow() {
    long packed = packedFloats(2) - packedFloats(1);
    return (int) (memory.batchColumns() + memory.partColumns() + packed);
  }
}
