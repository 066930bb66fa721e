package io.lockstep.nn.graph;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Shape;
import java.util.function.DoubleSupplier;

/** What composed losses have in common: graphs of loss and mean, made for the columns of η. */
abstract class ComposedFamily implements OutputFamily {

  private final String name;

  ComposedFamily(String name) {
    this.name = name;
  }

  /**
   * The graphs for some number of outputs.
   *
   * @param values null of labels
   * @param labels null of values
   * @param loss [rows][1], differentiated in η
   * @param mean [rows][outputs]; null where it is η itself
   */
  record Graphs(
      Variable eta,
      Variable values,
      Indices labels,
      ComputationalGraph loss,
      ComputationalGraph mean) {

    /** Refuses what is not a loss for each row and as many means as outputs. */
    static Graphs of(
        String name, Variable eta, Variable values, Indices labels, Variable j, Variable mean) {
      ComposedLayer.requireRowByRow(j, name + ": loss");
      ComposedLayer.requireRowByRow(mean, name + ": mean");
      require(name + ": loss", new Dimensions(Dimensions.BATCH, 1), j);
      require(name + ": mean", eta.size(), mean);
      ComputationalGraph loss = new ComputationalGraph(j, java.util.List.of(eta));
      if (!loss.differentiates(eta)) {
        throw new IllegalArgumentException(name + ": expected a loss that depends on eta");
      }
      return new Graphs(
          eta,
          values,
          labels,
          loss,
          mean.primitive() == null ? null : new ComputationalGraph(mean, java.util.List.of()));
    }

    private static void require(String where, Dimensions expected, Variable found) {
      if (!found.size().equals(expected)) {
        throw new IllegalArgumentException(
            "%s: expected %s but found %s".formatted(where, expected, found));
      }
    }
  }

  /** Composes loss and mean. */
  abstract Graphs graphs(int outputs);

  /**
   * The graph of the loss.
   *
   * @param outputs columns of η
   */
  public final ComputationalGraph lossGraph(int outputs) {
    return graphs(outputs).loss();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final boolean hasAccuracy() {
    return classification();
  }

  @Override
  public final boolean isLikelihood() {
    return false;
  }

  @Override
  public final Shape shape() {
    return Shape.NONE;
  }

  @Override
  public final int workingColumns(int outputs) {
    Graphs graphs = graphs(outputs);
    int mean = graphs.mean() == null ? 0 : graphs.mean().floatsPerRow();
    return graphs.loss().floatsPerRow() + mean + graphs.eta().size().paddedColumns() + 16;
  }

  @Override
  public final OutputFamily forPass(Kernels kernels, int outputs, int maxRows) {
    return new ComposedFamilyPass(this, graphs(outputs), kernels, maxRows);
  }

  @Override
  public final void loss(
      Kernels kernels,
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] dEta,
      int dEtaAt,
      float[] loss) {
    throw new IllegalStateException("a composed loss computes with the memory of a pass");
  }

  @Override
  public final void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {
    throw new IllegalStateException("a composed loss computes with the memory of a pass");
  }

  @Override
  public final void deviance(
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] loss,
      double[] deviance) {
    throw new UnsupportedOperationException(name + " has no deviance");
  }

  @Override
  public final void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    throw new UnsupportedOperationException(name + " has no distribution to draw from");
  }
}
