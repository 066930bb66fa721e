package io.lockstep.nn.graph;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.graph.ComposedFamily.Graphs;
import java.util.function.DoubleSupplier;

/** A composed loss with the memory of one pass. */
final class ComposedFamilyPass implements OutputFamily {

  private final ComposedFamily family;
  private final Graphs graphs;
  private final Evaluation loss;
  private final Evaluation mean;

  /** A one for each row, [rows][1]. */
  private final float[] ones;

  private final float[] gradient;

  ComposedFamilyPass(ComposedFamily family, Graphs graphs, Kernels kernels, int maxRows) {
    this.family = family;
    this.graphs = graphs;
    this.loss = new Evaluation(graphs.loss(), kernels, maxRows);
    this.mean = graphs.mean() == null ? null : new Evaluation(graphs.mean(), kernels, maxRows);
    this.gradient = new float[maxRows * graphs.eta().size().paddedColumns()];
    this.ones = new float[Panels.size(maxRows, 1)];
    for (int row = 0; row < maxRows; row++) {
      ones[row * Panels.WIDTH] = 1;
    }
  }

  @Override
  public String name() {
    return family.name();
  }

  @Override
  public boolean classification() {
    return family.classification();
  }

  @Override
  public boolean isLikelihood() {
    return false;
  }

  @Override
  public void loss(
      Kernels kernels,
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] dEta,
      int dEtaAt,
      float[] losses) {
    loss.begin(rows);
    loss.bind(graphs.eta(), eta, etaAt);
    if (graphs.values() != null) {
      loss.bind(graphs.values(), targets.values(), 0);
    } else {
      loss.bind(graphs.labels(), targets.labels(), 0);
      predict(rows, outputs, eta, etaAt, targets.predicted());
    }
    loss.forward();
    Place j = loss.value(graphs.loss().output());
    for (int row = 0; row < rows; row++) {
      losses[row] = j.array[j.at + row * Panels.WIDTH];
    }
    if (dEta != null) {
      loss.bindGradient(graphs.loss().output(), ones, 0);
      loss.bindGradient(graphs.eta(), gradient, 0);
      loss.backward();
      System.arraycopy(gradient, 0, dEta, dEtaAt, Panels.size(rows, outputs));
    }
  }

  /** The first class with the largest mean. */
  private void predict(int rows, int outputs, float[] eta, int etaAt, int[] predicted) {
    Place p = mean(rows, eta, etaAt);
    for (int row = 0; row < rows; row++) {
      int best = 0;
      for (int c = 1; c < outputs; c++) {
        if (p.array[p.at + Panels.index(rows, row, c)]
            > p.array[p.at + Panels.index(rows, row, best)]) {
          best = c;
        }
      }
      predicted[row] = best;
    }
  }

  private Place mean(int rows, float[] eta, int etaAt) {
    if (mean == null) {
      loss.bind(graphs.eta(), eta, etaAt);
      return loss.value(graphs.eta());
    }
    mean.begin(rows);
    mean.bind(graphs.eta(), eta, etaAt);
    mean.forward();
    return mean.value(graphs.mean().output());
  }

  @Override
  public void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {
    if (mean != null) {
      Place p = mean(rows, eta, etaAt);
      System.arraycopy(p.array, p.at, eta, etaAt, Panels.size(rows, outputs));
    }
  }

  @Override
  public void deviance(
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] losses,
      double[] deviance) {
    family.deviance(rows, outputs, eta, etaAt, targets, losses, deviance);
  }

  @Override
  public void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    family.sample(eta, shape, uniforms, y);
  }
}
