package io.lockstep.config;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Matrix;
import io.lockstep.nn.Parameter;
import java.util.List;

/** y = s · x with a learned s for each column: a layer with an option of each kind. */
public final class Slope implements CustomLayer {

  private final int width;
  private final double first;

  public Slope(int in, LayerOptions options) {
    this.width = options.count("width", in);
    this.first = options.real("first", 1);
    if (first == 0) {
      throw options.wrong("first", "a number other than 0");
    }
    if (options.flag("fail", false)) {
      throw new IllegalStateException(options.text("why"));
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(Parameter.vector("s", width, (float) first));
  }

  @Override
  public String detail() {
    return "first " + first;
  }

  @Override
  public void forward(Leaf leaf) {
    times(leaf.parameter(0), leaf.input(), leaf.output());
  }

  @Override
  public void backward(Leaf leaf) {
    Matrix dY = leaf.outputGradient();
    for (int row = 0; row < leaf.rows(); row++) {
      for (int column = 0; column < width; column++) {
        leaf.gradient(0).add(0, column, dY.get(row, column) * leaf.input().get(row, column));
      }
    }
    if (leaf.wantsInputGradient()) {
      times(leaf.parameter(0), dY, leaf.inputGradient());
    }
  }

  private static void times(Matrix s, Matrix x, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      for (int column = 0; column < x.columns(); column++) {
        y.set(row, column, s.get(0, column) * x.get(row, column));
      }
    }
  }
}
