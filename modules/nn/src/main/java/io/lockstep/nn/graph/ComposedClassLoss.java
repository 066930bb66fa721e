package io.lockstep.nn.graph;

/**
 * A loss of classes, composed of primitives: what a network's output η costs, given the class of
 * each row. Otherwise as {@link ComposedLoss}.
 */
public abstract class ComposedClassLoss extends ComposedFamily {

  /**
   * @param name for summaries, for instance {@code hinge}
   */
  protected ComposedClassLoss(String name) {
    super(name);
  }

  /**
   * Composes the loss of each row; it is not divided by a number of rows.
   *
   * @param eta the network's output [rows][classes]
   * @param label the class of each row
   * @return [rows][1]
   */
  protected abstract Variable loss(Composition graph, Variable eta, Indices label);

  /**
   * Composes what a prediction reports of each class, [rows][classes], the largest of the predicted
   * one; softmax(η) unless overridden.
   */
  protected Variable mean(Composition graph, Variable eta) {
    Variable terms = eta.sub(eta.maxOverColumns()).exp();
    return terms.div(terms.sumOverColumns());
  }

  @Override
  public final boolean classification() {
    return true;
  }

  /** To be overridden along with {@link #mean} where that is no probability of each class. */
  @Override
  public boolean yieldsProbabilities() {
    return true;
  }

  @Override
  final Graphs graphs(int outputs) {
    Composition graph = new Composition();
    Variable eta = graph.input("eta", outputs);
    Indices label = graph.indices("label");
    return Graphs.of(name(), eta, null, label, loss(graph, eta, label), mean(graph, eta));
  }
}
