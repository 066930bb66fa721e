package io.lockstep.nn.graph;

import io.lockstep.nn.Layer;
import io.lockstep.nn.Network;
import io.lockstep.nn.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Collects what a graph is made of. Not thread-safe. */
public final class Composition {

  private final List<Variable> variables = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Variable> parameterVariables = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();
  private int boundIndices;

  /** The numbers of a constant, row by row. */
  record Constant(Variable variable, float[][] values) {}

  /** Whether a network has layers, or a loss, that are composed. */
  public static boolean occursIn(Network network) {
    return network.family() instanceof ComposedFamily
        || network.layers().stream()
            .anyMatch(
                layer ->
                    layer instanceof Layer.Custom own && own.custom() instanceof ComposedLayer);
  }

  /** Adds an input [rows][columns] with the rows of the batch. */
  public Variable input(String name, int columns) {
    return leaf(name, new Dimensions(Dimensions.BATCH, columns));
  }

  /** Adds an input of one whole number for each row of the batch. */
  public Indices indices(String name) {
    return Indices.bound(name, boundIndices++);
  }

  /** Adds a parameter, a matrix [rows][columns] or a vector [1][length]. */
  public Variable parameter(Parameter parameter) {
    Variable variable =
        leaf(parameter.name(), new Dimensions(parameter.rows(), parameter.columns()));
    parameters.add(parameter);
    parameterVariables.add(variable);
    return variable;
  }

  /** Adds a number [1][1]. */
  public Variable constant(double value) {
    return constant(new float[][] {{(float) value}});
  }

  /**
   * Adds a matrix of constants, copied.
   *
   * @throws IllegalArgumentException if there are no rows, or they differ in length
   */
  public Variable constant(float[][] values) {
    int columns = values.length == 0 ? 0 : values[0].length;
    float[][] copy = new float[values.length][];
    for (int row = 0; row < values.length; row++) {
      if (values[row].length != columns) {
        throw new IllegalArgumentException(
            "constant: expected %d columns in row %d but found %d"
                .formatted(columns, row, values[row].length));
      }
      copy[row] = values[row].clone();
    }
    if (columns == 0) {
      throw new IllegalArgumentException("constant: expected at least 1 number but found none");
    }
    String name = copy.length == 1 && columns == 1 ? Float.toString(copy[0][0]) : "constant";
    Variable variable = leaf(name, new Dimensions(copy.length, columns));
    constants.add(new Constant(variable, copy));
    return variable;
  }

  private Variable leaf(String name, Dimensions size) {
    return add(new Variable(this, variables.size(), name, size, null));
  }

  /** Adds what a primitive yields. */
  Variable apply(Dimensions size, Primitive primitive) {
    for (Variable source : primitive.sources()) {
      requireOwn(source, primitive.label());
    }
    Variable output = new Variable(this, variables.size(), primitive.label(), size, primitive);
    primitive.setOutput(output);
    return add(output);
  }

  @SuppressWarnings("ReferenceEquality")
  private void requireOwn(Variable input, String where) {
    if (input.composition() != this) {
      throw new IllegalArgumentException(
          "%s: expected variables of one composition but %s is of another".formatted(where, input));
    }
  }

  private Variable add(Variable variable) {
    variables.add(variable);
    return variable;
  }

  int variables() {
    return variables.size();
  }

  int boundIndices() {
    return boundIndices;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  List<Variable> parameterVariables() {
    return parameterVariables;
  }

  List<Constant> constants() {
    return constants;
  }
}
