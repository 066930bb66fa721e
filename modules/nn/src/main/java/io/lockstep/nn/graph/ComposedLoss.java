package io.lockstep.nn.graph;

/**
 * A loss of values, composed of primitives: what a network's output η costs, given the targets y. A
 * class for configurations extends it, with a constructor {@code (LayerOptions options)}.
 *
 * <pre>
 *   protected Variable loss(Composition graph, Variable eta, Variable y) {
 *     return eta.sub(y).square().add(1).sqrt().add(-1).sumOverColumns(); // pseudo-Huber
 *   }
 * </pre>
 */
public abstract class ComposedLoss extends ComposedFamily {

  /**
   * @param name for summaries, for instance {@code pseudo-huber}
   */
  protected ComposedLoss(String name) {
    super(name);
  }

  /**
   * Composes the loss of each row; it is not divided by a number of rows.
   *
   * @param eta the network's output [rows][outputs]
   * @param y the targets [rows][outputs]
   * @return [rows][1]
   */
  protected abstract Variable loss(Composition graph, Variable eta, Variable y);

  /** Composes what a prediction reports, [rows][outputs]; η itself unless overridden. */
  protected Variable mean(Composition graph, Variable eta) {
    return eta;
  }

  @Override
  public final boolean classification() {
    return false;
  }

  @Override
  public final boolean yieldsProbabilities() {
    return false;
  }

  @Override
  final Graphs graphs(int outputs) {
    Composition graph = new Composition();
    Variable eta = graph.input("eta", outputs);
    Variable y = graph.input("y", outputs);
    return Graphs.of(name(), eta, y, null, loss(graph, eta, y), mean(graph, eta));
  }
}
