package io.lockstep.nn.graph;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Matrix;
import java.util.List;

/** A composed layer with the memory of one pass. */
final class ComposedLayerPass implements CustomLayer {

  private final Variable x;
  private final Variable y;
  private final List<Variable> parameters;
  private final Evaluation evaluation;
  private final boolean hasInputGradient;

  /** A leaf's rows are contiguous here, which in the pass's matrices they are not. */
  private final float[] input;

  private final float[] inputGradient;
  private final float[] outputGradient;

  ComposedLayerPass(ComposedLayer layer, ComputationalGraph graph, Kernels kernels, int maxRows) {
    this.x = layer.input();
    this.y = graph.output();
    this.parameters = List.copyOf(layer.composition().parameterVariables());
    this.evaluation = new Evaluation(graph, kernels, maxRows);
    this.hasInputGradient = graph.differentiates(x);
    this.input = new float[Panels.size(maxRows, x.size().columns())];
    this.inputGradient = new float[hasInputGradient ? input.length : 0];
    this.outputGradient = new float[Panels.size(maxRows, y.size().columns())];
  }

  @Override
  public int width() {
    return y.size().columns();
  }

  @Override
  public void forward(Leaf leaf) {
    begin(leaf);
    copyIn(leaf.input(), input, inputAt(leaf));
    evaluation.forward();
    Place value = evaluation.value(y);
    copyOut(value.array, value.at, leaf.output());
  }

  @Override
  public void backward(Leaf leaf) {
    begin(leaf);
    copyIn(leaf.outputGradient(), outputGradient, 0);
    evaluation.bindGradient(y, outputGradient, 0);
    for (int i = 0; i < parameters.size(); i++) {
      Matrix gradient = leaf.gradient(i);
      evaluation.bindGradient(parameters.get(i), gradient.array(), gradient.index(0, 0));
    }
    evaluation.bindGradient(x, inputGradient, 0);
    evaluation.backward();
    if (hasInputGradient) {
      copyOut(inputGradient, 0, leaf.inputGradient());
    }
  }

  private void begin(Leaf leaf) {
    evaluation.begin(leaf.rows(), leaf.offset());
    evaluation.bind(x, input, inputAt(leaf));
    for (int i = 0; i < parameters.size(); i++) {
      Matrix parameter = leaf.parameter(i);
      evaluation.bind(parameters.get(i), parameter.array(), parameter.index(0, 0));
    }
  }

  private int inputAt(Leaf leaf) {
    return leaf.offset() * x.size().paddedColumns();
  }

  private static void copyIn(Matrix from, float[] to, int at) {
    int panelFloats = from.rows() * Panels.WIDTH;
    for (int panel = 0; panel < Panels.count(from.columns()); panel++) {
      int source = from.index(0, panel * Panels.WIDTH);
      System.arraycopy(from.array(), source, to, at + panel * panelFloats, panelFloats);
    }
    Evaluation.clearPadding(from.rows(), from.columns(), to, at);
  }

  private static void copyOut(float[] from, int at, Matrix to) {
    int panelFloats = to.rows() * Panels.WIDTH;
    for (int panel = 0; panel < Panels.count(to.columns()); panel++) {
      int target = to.index(0, panel * Panels.WIDTH);
      System.arraycopy(from, at + panel * panelFloats, to.array(), target, panelFloats);
    }
  }
}
