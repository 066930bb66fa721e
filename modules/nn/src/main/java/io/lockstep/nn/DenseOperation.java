package io.lockstep.nn;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.List;

/**
 * A = h(X W + b), one operation, so that bias and activation meet the product's panels while they
 * are in the cache.
 *
 * <p>Shapes: X [rows][in], W [in][units], b [units], Z and A [rows][units]. Z is kept only where h'
 * needs it; else A overwrites it.
 */
final class DenseOperation implements Operation {

  /** Panels of one step of the forward pass: awaited, multiplied and activated together. */
  private static final int FORWARD_PANELS = 8;

  /**
   * Floats of W above which its gradient is handed on in pieces of about this size, that of a usual
   * bucket, so that one leaves as soon as it is complete.
   */
  private static final int GRADIENT_FLOATS = 1 << 16;

  /**
   * Floats of Wᵀ that are made, and then multiplied with, while they are in the core's own cache.
   * As a whole it would be written to memory and read again, and take as much of it as W.
   */
  private static final int TRANSPOSED_FLOATS = 1 << 18;

  private final List<Value> inputs;
  private final Value x;
  private final Value a;
  private final Activation h;
  private final Range weight;
  private final Range bias;

  DenseOperation(Value x, Value a, Activation h, Range weight, Range bias) {
    this.inputs = List.of(x);
    this.x = x;
    this.a = a;
    this.h = h;
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public List<Value> inputs() {
    return inputs;
  }

  @Override
  public Value output() {
    return a;
  }

  @Override
  public int savedColumns() {
    return h.derivativeFromOutput() ? 0 : Panels.paddedColumns(a.width());
  }

  @Override
  public int productDepth() {
    return x.needsGradient() ? Math.max(x.width(), a.width()) : x.width();
  }

  @Override
  public int transposedFloats() {
    return x.needsGradient() ? transposedPanels() * a.width() * Panels.WIDTH : 0;
  }

  /** Panels of Wᵀ that there is room for; two go through the product at once. */
  private int transposedPanels() {
    int most = Math.max(2, TRANSPOSED_FLOATS / (a.width() * Panels.WIDTH) & ~1);
    return Math.min(most, Panels.count(x.width()));
  }

  @Override
  public void forward(Workspace w) {
    w.products().packRows(w.rows, x.width(), w.arena, w.at(x), w.scratch);
    int panels = Panels.count(a.width());
    for (int panel = 0; panel < panels; panel += FORWARD_PANELS) {
      forwardPanels(w, panel, Math.min(panel + FORWARD_PANELS, panels));
    }
  }

  private void forwardPanels(Workspace w, int from, int to) {
    int in = x.width();
    int biasAt = bias.packedAt() + from * Panels.WIDTH;
    w.listener.awaitWeights(weightsAt(from), weightsAt(to));
    w.listener.awaitWeights(biasAt, bias.packedAt() + to * Panels.WIDTH);
    int zAt = zAt(w);
    w.products().product(w.rows, in, w.theta, weight.packedAt(), w.arena, zAt, from, to, w.scratch);
    int offset = from * w.rows * Panels.WIDTH;
    w.elementwise()
        .biasActivate(
            h,
            w.rows,
            to - from,
            w.theta,
            biasAt,
            w.arena,
            zAt + offset,
            w.arena,
            w.at(a) + offset);
  }

  /**
   * dZ = dA · h'(Z), then dX = dZ Wᵀ, db = Σ over rows of dZ, dW = Xᵀ dZ, the last two in the fixed
   * tree over leaves. dX comes first: once a gradient is handed on, θ is not read any more.
   */
  @Override
  public void backward(Workspace w) {
    int dZAt = w.gradientAt(a);
    int length = Panels.size(w.rows, a.width());
    w.elementwise()
        .activationGradient(
            h, w.arena, zAt(w), w.arena, w.at(a), w.arena, dZAt, w.arena, dZAt, length);
    if (x.needsGradient()) {
      inputGradient(w, dZAt);
    }
    w.products()
        .sumRows(
            w.rows, w.leafRows, a.width(), w.arena, dZAt, w.gradient, bias.packedAt(), w.scratch);
    w.listener.gradientReady(bias.packedAt(), bias.packedAt() + bias.packedLength());
    weightGradient(w, dZAt);
  }

  private void inputGradient(Workspace w, int dZAt) {
    int in = x.width();
    int units = a.width();
    int dXAt = w.inputGradientAt(this, 0);
    int panels = Panels.count(in);
    int piece = transposedPanels();
    w.products().packRows(w.rows, units, w.arena, dZAt, w.scratch);
    for (int from = 0; from < panels; from += piece) {
      int to = Math.min(from + piece, panels);
      int at = -from * units * Panels.WIDTH; // Where panel 0 of Wᵀ would be.
      w.products().transpose(in, units, w.theta, weight.packedAt(), w.transposed, 0, from, to);
      w.products().product(w.rows, units, w.transposed, at, w.arena, dXAt, from, to, w.scratch);
    }
  }

  private void weightGradient(Workspace w, int dZAt) {
    int piece = Math.max(2, GRADIENT_FLOATS / (x.width() * Panels.WIDTH) & ~1);
    int panels = Panels.count(a.width());
    for (int from = 0; from < panels; from += piece) {
      int to = Math.min(from + piece, panels);
      w.products()
          .productOverRows(
              w.rows,
              w.leafRows,
              x.width(),
              w.arena,
              w.at(x),
              w.arena,
              dZAt,
              w.gradient,
              weight.packedAt(),
              from,
              to,
              w.scratch);
      w.listener.gradientReady(weightsAt(from), weightsAt(to));
    }
  }

  private int weightsAt(int panel) {
    return weight.packedAt() + panel * x.width() * Panels.WIDTH;
  }

  private int zAt(Workspace w) {
    return h.derivativeFromOutput() ? w.at(a) : w.savedAt(this);
  }
}
