package io.lockstep.nn.graph;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer composed of primitives. A class for configurations extends it, with a constructor {@code
 * (int in, LayerOptions options)}.
 */
public class ComposedLayer implements CustomLayer {

  /** Composes the layer's output. */
  @FunctionalInterface
  public interface Composer {

    /**
     * @param graph yields parameters and constants
     * @param x the layer's input [rows][in]
     * @return the output, [rows][width]
     */
    Variable compose(Composition graph, Variable x);
  }

  private final String kind;
  private final Composition composition = new Composition();
  private final Variable x;
  private final Variable y;

  /** The layer is called by its class's name. */
  protected ComposedLayer(int in, Composer composer) {
    this(null, in, composer);
  }

  /**
   * @param kind one word for what the layer is
   * @param in columns of its input
   * @throws IllegalArgumentException if sizes do not fit, the output has not the rows of the batch,
   *     a row of it depends on other rows of the input, or a parameter has no influence
   */
  public ComposedLayer(String kind, int in, Composer composer) {
    this.kind = kind;
    this.x = composition.input("x", in);
    this.y = composer.compose(composition, x);
    requireRowByRow(y, kind());
    ComputationalGraph graph = graph(true);
    for (Variable parameter : composition.parameterVariables()) {
      if (!graph.differentiates(parameter)) {
        throw new IllegalArgumentException(
            "%s: expected parameters that the output depends on but %s has no influence"
                .formatted(kind(), parameter));
      }
    }
  }

  static void requireRowByRow(Variable output, String where) {
    if (!output.size().isBatch() || output.mixesRows()) {
      throw new IllegalArgumentException(
          "%s: expected rows that depend on the same row of the input alone but found %s%s"
              .formatted(where, output, output.mixesRows() ? ", a function of all rows" : ""));
    }
  }

  /** The graph of the output. */
  public final ComputationalGraph graph() {
    return graph(true);
  }

  private ComputationalGraph graph(boolean wantsInputGradient) {
    List<Variable> wanted = new ArrayList<>(composition.parameterVariables());
    if (wantsInputGradient) {
      wanted.add(x);
    }
    return new ComputationalGraph(y, wanted);
  }

  /** The layer's input. */
  final Variable input() {
    return x;
  }

  final Composition composition() {
    return composition;
  }

  @Override
  public final int width() {
    return y.size().columns();
  }

  @Override
  public final List<Parameter> parameters() {
    return List.copyOf(composition.parameters());
  }

  @Override
  public String kind() {
    return kind == null ? CustomLayer.super.kind() : kind;
  }

  @Override
  public final int workingColumns() {
    int around = 2 * Panels.paddedColumns(x.size().columns()) + Panels.paddedColumns(width());
    return graph(true).floatsPerRow() + around;
  }

  @Override
  public final CustomLayer forPass(Kernels kernels, int maxRows, boolean wantsInputGradient) {
    return new ComposedLayerPass(this, graph(wantsInputGradient), kernels, maxRows);
  }

  @Override
  public final void forward(Leaf leaf) {
    throw new IllegalStateException("a composed layer computes with the memory of a pass");
  }

  @Override
  public final void backward(Leaf leaf) {
    throw new IllegalStateException("a composed layer computes with the memory of a pass");
  }
}
