package io.lockstep.nn.graph;

import io.lockstep.kernels.Arithmetic;
import io.lockstep.kernels.Arithmetic.Operator;
import io.lockstep.kernels.Powers;
import java.util.List;

/** y = x to the power of p; dX = dY · p · x to the power of p − 1. */
final class Power extends Primitive {

  private final float exponent;

  Power(Variable x, float exponent) {
    super(exponent == 0.5f ? "√" : "^ " + exponent, List.of(x));
    this.exponent = exponent;
    if (exponent == 0 || !Float.isFinite(exponent)) {
      throw new IllegalArgumentException(
          "power: expected a finite exponent other than 0 but found " + exponent);
    }
  }

  float exponent() {
    return exponent;
  }

  @Override
  void forward(Evaluation e) {
    power(e, exponent, e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    int length = e.length(output());
    Arithmetic arithmetic = e.kernels().arithmetic();
    Place dY = e.gradient(output());
    power(e, exponent - 1, dX);
    arithmetic.affine(exponent, 0, dX.array, dX.at, dX.array, dX.at, length);
    arithmetic.combine(
        Operator.MULTIPLY, dX.array, dX.at, dY.array, dY.at, dX.array, dX.at, length);
  }

  private void power(Evaluation e, float p, Place y) {
    Place x = e.value(input());
    Powers.power(e.kernels().arithmetic(), p, x.array, x.at, y.array, y.at, e.length(output()));
  }
}
