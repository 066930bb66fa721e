package io.lockstep.training;

import io.lockstep.nn.Initializer;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.graph.ComposedClassLoss;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.nn.graph.ComposedLoss;
import io.lockstep.nn.graph.Composition;
import io.lockstep.nn.graph.Indices;
import io.lockstep.nn.graph.Variable;

/** Layers and losses of a {@link ReferenceTraining}: together they have every primitive. */
final class ReferenceCompositions {

  /** Columns that {@link #layer} yields, the first as it reads it. */
  static final int WIDTH = 1 + 18 + 3;

  private ReferenceCompositions() {}

  /** Of functions, products and sums. */
  static ComposedLayer layer(int in) {
    return new ComposedLayer("reference", in, (graph, x) -> functions(graph, x, in));
  }

  private static Variable functions(Composition graph, Variable x, int in) {
    Variable w = graph.parameter(Parameter.matrix("W", in, 18, Initializer.GLOROT_UNIFORM));
    Variable v = graph.parameter(Parameter.matrix("V", in, 5, Initializer.GLOROT_UNIFORM));
    Variable gain = graph.parameter(Parameter.vector("gain", 18, 1));
    Variable products = x.matmul(w).add(gain.mul(w.meanOverRows()));
    Variable gram = v.transposedMatmul(v).matmul(v.transpose()); // [5][in]
    Variable bounded = products.tanh().mul(products.logistic().add(products.relu()));
    Variable positive = bounded.square().add(0.5);
    Variable powers =
        positive.power(1.5).sub(positive.power(-2.0)).div(positive.sqrt().add(positive.log()));
    Variable others = x.matmul(gram.transpose()).mul(0.25).negate().exp().columns(1, 4);
    return x.columns(0, 1).concat(powers.mul(gain).div(spread(products)), others.power(0.3));
  }

  /** At least 1. */
  private static Variable spread(Variable x) {
    Variable centred = x.sub(x.meanOverColumns());
    return centred.square().sumOverColumns().add(1).sqrt();
  }

  /** The first column chooses a row of a table, and a column. */
  static ComposedLayer table(int in) {
    return new ComposedLayer(
        "chosen",
        in,
        (graph, x) -> {
          Variable table =
              graph.parameter(
                  Parameter.matrix("E", ReferenceRows.CODES + 1, in, Initializer.GLOROT_NORMAL));
          Indices codes = x.toIndices(0);
          Variable scaled = x.mul(table.gatherRows(codes));
          return scaled.add(x.gatherColumn(codes)).sub(scaled.maxOverColumns());
        });
  }

  /** Pseudo-Huber: Σ √(1 + (η − y)²) − 1. */
  static OutputFamily loss() {
    return new ComposedLoss("reference-loss") {
      @Override
      protected Variable loss(Composition graph, Variable eta, Variable y) {
        return eta.sub(y).square().add(1).sqrt().add(-1).sumOverColumns();
      }
    };
  }

  /** Cross-entropy: log Σ exp(η − largest) − (η of the class − largest). */
  static OutputFamily classLoss() {
    return new ComposedClassLoss("reference-class-loss") {
      @Override
      protected Variable loss(Composition graph, Variable eta, Indices label) {
        Variable terms = eta.sub(eta.maxOverColumns());
        return terms.exp().sumOverColumns().log().sub(terms.gatherColumn(label));
      }
    };
  }
}
