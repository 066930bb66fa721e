package io.lockstep.nn.graph;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Arithmetic;
import io.lockstep.kernels.Arithmetic.Operator;
import io.lockstep.kernels.Elementwise;
import java.util.List;
import java.util.Locale;

/** y = f(x), element by element. */
final class Elementary extends Primitive {

  /** The functions f. */
  enum Function {
    EXP,
    LOG,
    TANH,
    LOGISTIC,
    RELU,
    SQUARE
  }

  private final Function f;

  Elementary(Function f, Variable x) {
    super(f == Function.SQUARE ? "²" : f.name().toLowerCase(Locale.ROOT), List.of(x));
    this.f = f;
  }

  Function function() {
    return f;
  }

  @Override
  void forward(Evaluation e) {
    Place x = e.value(input());
    Place y = e.value(output());
    int length = e.length(output());
    switch (f) {
      case EXP -> apply(e, Elementwise.Function.EXP, x, y, length);
      case LOG -> apply(e, Elementwise.Function.LOG, x, y, length);
      case TANH -> apply(e, Elementwise.Function.TANH, x, y, length);
      case LOGISTIC -> apply(e, Elementwise.Function.SIGMOID, x, y, length);
      case RELU ->
          e.kernels().elementwise().activate(Activation.RELU, x.array, x.at, y.array, y.at, length);
      case SQUARE -> combine(e, Operator.MULTIPLY, x, x, y, length);
    }
  }

  private static void apply(Evaluation e, Elementwise.Function f, Place x, Place y, int length) {
    e.kernels().elementwise().apply(f, x.array, x.at, y.array, y.at, length);
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place y = e.value(output());
    Place x = e.value(input());
    Place dY = e.gradient(output());
    int length = e.length(output());
    switch (f) {
      case EXP -> combine(e, Operator.MULTIPLY, dY, y, dX, length);
      case LOG -> combine(e, Operator.DIVIDE, dY, x, dX, length);
      case TANH -> activation(e, Activation.TANH, y, dY, dX, length);
      case LOGISTIC -> activation(e, Activation.SIGMOID, y, dY, dX, length);
      case RELU -> activation(e, Activation.RELU, y, dY, dX, length);
      case SQUARE -> {
        combine(e, Operator.MULTIPLY, dY, x, dX, length);
        arithmetic(e).affine(2, 0, dX.array, dX.at, dX.array, dX.at, length);
      }
    }
  }

  /** Of these h' is a function of y alone. */
  private static void activation(
      Evaluation e, Activation h, Place y, Place dY, Place dX, int length) {
    e.kernels()
        .elementwise()
        .activationGradient(
            h, y.array, y.at, y.array, y.at, dY.array, dY.at, dX.array, dX.at, length);
  }

  private static void combine(
      Evaluation e, Operator operator, Place x, Place y, Place z, int length) {
    arithmetic(e).combine(operator, x.array, x.at, y.array, y.at, z.array, z.at, length);
  }

  private static Arithmetic arithmetic(Evaluation e) {
    return e.kernels().arithmetic();
  }
}
