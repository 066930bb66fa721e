package io.lockstep.nn;

import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.kernels.Panels;
import java.util.List;

/**
 * Inverted dropout of X [rows][width]; outside of training a copy. The mask is a function of (seed,
 * step, layer, position of the row in the global batch, column), so backward draws it again.
 */
final class DropoutOperation implements Operation {

  private final List<Value> inputs;
  private final Value x;
  private final Value y;
  private final float rate;

  DropoutOperation(Value x, Value y, float rate) {
    this.inputs = List.of(x);
    this.x = x;
    this.y = y;
    this.rate = rate;
  }

  @Override
  public List<Value> inputs() {
    return inputs;
  }

  @Override
  public Value output() {
    return y;
  }

  @Override
  public boolean gradientInPlace() {
    return true;
  }

  /** Y = X · mask / (1 − rate). The copy keeps X, from whose values its producer takes h'. */
  @Override
  public void forward(Workspace w) {
    System.arraycopy(w.arena, w.at(x), w.arena, w.at(y), Panels.size(w.rows, x.width()));
    if (w.training) {
      mask(w, w.at(y));
    }
  }

  /** dX = dY · mask / (1 − rate), usually in place. */
  @Override
  public void backward(Workspace w) {
    int dXAt = w.inputGradientAt(this, 0);
    int dYAt = w.gradientAt(y);
    if (dXAt != dYAt) {
      System.arraycopy(w.arena, dYAt, w.arena, dXAt, Panels.size(w.rows, x.width()));
    }
    mask(w, dXAt);
  }

  private void mask(Workspace w, int at) {
    long key = CounterRandom.bits(w.seed, Purpose.DROPOUT, w.step, y.layer());
    w.elementwise().dropout(w.rows, x.width(), key, w.firstRow, rate, w.arena, at);
  }
}
