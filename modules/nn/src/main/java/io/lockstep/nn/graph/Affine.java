package io.lockstep.nn.graph;

import java.util.List;

/** y = factor · x + shift, with constants. */
final class Affine extends Primitive {

  private final float factor;
  private final float shift;

  Affine(Variable x, float factor, float shift) {
    super(label(factor, shift), List.of(x));
    this.factor = factor;
    this.shift = shift;
  }

  private static String label(float factor, float shift) {
    return shift == 0 ? "· " + factor : "+ " + shift;
  }

  float factor() {
    return factor;
  }

  float shift() {
    return shift;
  }

  @Override
  void forward(Evaluation e) {
    map(e, shift, e.value(input()), e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    map(e, 0, e.gradient(output()), dX);
  }

  private void map(Evaluation e, float plus, Place x, Place y) {
    e.kernels().arithmetic().affine(factor, plus, x.array, x.at, y.array, y.at, e.length(output()));
  }
}
