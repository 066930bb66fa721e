package com.example;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Matrix;
import io.lockstep.nn.Parameter;
import java.util.List;

/** y = x where x > 0, else a · x, with a learned for each column (He, Zhang, Ren, Sun 2015). */
public final class ParametricRelu implements CustomLayer {

  private final int in;
  private final float slope;

  public ParametricRelu(int in, LayerOptions options) {
    this.in = in;
    this.slope = (float) options.real("slope", 0.25);
  }

  @Override
  public int width() {
    return in;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(Parameter.vector("a", in, slope));
  }

  @Override
  public void forward(Leaf leaf) {
    Matrix a = leaf.parameter(0);
    for (int row = 0; row < leaf.rows(); row++) {
      for (int column = 0; column < in; column++) {
        float x = leaf.input().get(row, column);
        leaf.output().set(row, column, x > 0 ? x : a.get(0, column) * x);
      }
    }
  }

  @Override
  public void backward(Leaf leaf) {
    Matrix a = leaf.parameter(0);
    for (int row = 0; row < leaf.rows(); row++) {
      for (int column = 0; column < in; column++) {
        float x = leaf.input().get(row, column);
        float dY = leaf.outputGradient().get(row, column);
        if (x <= 0) {
          leaf.gradient(0).add(0, column, dY * x);
        }
        if (leaf.wantsInputGradient()) {
          leaf.inputGradient().set(row, column, x > 0 ? dY : a.get(0, column) * dY);
        }
      }
    }
  }
}
