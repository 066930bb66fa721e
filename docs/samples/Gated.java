package com.example;

import io.lockstep.nn.Initializer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.nn.graph.Variable;

/** y = tanh(x V + b) · σ(x W), with a column for each of its units. */
public final class Gated extends ComposedLayer {

  public Gated(int in, LayerOptions options) {
    this(in, options.count("units"));
  }

  private Gated(int in, int units) {
    super(
        in,
        (graph, x) -> {
          Variable v = graph.parameter(Parameter.matrix("V", in, units, Initializer.LECUN_NORMAL));
          Variable w = graph.parameter(Parameter.matrix("W", in, units, Initializer.LECUN_NORMAL));
          Variable b = graph.parameter(Parameter.vector("b", units, 0));
          return x.matmul(v).add(b).tanh().mul(x.matmul(w).logistic());
        });
  }
}
