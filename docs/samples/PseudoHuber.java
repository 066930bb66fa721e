package com.example;

import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.graph.ComposedLoss;
import io.lockstep.nn.graph.Composition;
import io.lockstep.nn.graph.Variable;

/** √(1 + (η − y)²) − 1, summed over the outputs: squared near 0, absolute far from it. */
public final class PseudoHuber extends ComposedLoss {

  public PseudoHuber(LayerOptions options) {
    super("pseudo-huber");
  }

  @Override
  protected Variable loss(Composition graph, Variable eta, Variable y) {
    return eta.sub(y).square().add(1).sqrt().add(-1).sumOverColumns();
  }
}
