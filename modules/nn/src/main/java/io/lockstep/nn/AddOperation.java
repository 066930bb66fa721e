package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.List;

/** Y = F + X, all of one width: the end of a residual connection. */
final class AddOperation implements Operation {

  private final List<Value> inputs;
  private final Value f;
  private final Value x;
  private final Value y;

  AddOperation(Value f, Value x, Value y) {
    this.inputs = List.of(f, x);
    this.f = f;
    this.x = x;
    this.y = y;
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
  public void forward(Workspace w) {
    int length = Panels.size(w.rows, y.width());
    System.arraycopy(w.arena, w.at(f), w.arena, w.at(y), length);
    w.elementwise().add(w.arena, w.at(y), w.arena, w.at(x), length);
  }

  /** dF = dX = dY; the pass adds to dX what x gets through the layers of f. */
  @Override
  public void backward(Workspace w) {
    int length = Panels.size(w.rows, y.width());
    for (int k = 0; k < inputs.size(); k++) {
      if (inputs.get(k).needsGradient()) {
        int at = w.inputGradientAt(this, k);
        System.arraycopy(w.arena, w.gradientAt(y), w.arena, at, length);
      }
    }
  }
}
