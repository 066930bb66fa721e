package io.lockstep.nn;

import java.util.List;

/**
 * What comes last in a network whose family learns its {@link Shape}: hands η on, with the
 * logarithm of the shape as one more column, the same in each row.
 */
final class ShapeLayer implements CustomLayer {

  private final int outputs;
  private final List<Parameter> parameters;

  ShapeLayer(int outputs, Shape shape) {
    this.outputs = outputs;
    String name = Character.toUpperCase(shape.name().charAt(0)) + shape.name().substring(1);
    float first = (float) StrictMath.log(shape.value());
    this.parameters = List.of(Parameter.vector("log" + name, 1, first));
  }

  @Override
  public int width() {
    return outputs + 1;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public String kind() {
    return "shape";
  }

  @Override
  public String detail() {
    return parameters.getFirst().name();
  }

  @Override
  public void forward(Leaf leaf) {
    float logShape = leaf.parameter(0).get(0, 0);
    for (int row = 0; row < leaf.rows(); row++) {
      for (int output = 0; output < outputs; output++) {
        leaf.output().set(row, output, leaf.input().get(row, output));
      }
      leaf.output().set(row, outputs, logShape);
    }
  }

  @Override
  public void backward(Leaf leaf) {
    float sum = 0;
    for (int row = 0; row < leaf.rows(); row++) {
      for (int output = 0; output < outputs && leaf.wantsInputGradient(); output++) {
        leaf.inputGradient().set(row, output, leaf.outputGradient().get(row, output));
      }
      sum += leaf.outputGradient().get(row, outputs);
    }
    leaf.gradient(0).set(0, 0, sum);
  }
}
