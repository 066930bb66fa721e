package io.lockstep;

import io.lockstep.data.formula.TableEncoding;
import io.lockstep.glm.GlmSummary;
import io.lockstep.model.Encoding;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The coefficients of a network without hidden layers, a generalized linear model, on the scale of
 * the data. With x' = scale · x + shift a column as the network reads it:
 *
 * <pre>
 *   η = b + Σ w x' = (b + Σ w · shift) + Σ (w · scale) x
 * </pre>
 *
 * Probabilities of classes stay the same if all their η change by the same number; so the
 * coefficients of classes are the differences to those of the first one, as in R's {@code
 * multinom}.
 *
 * @param names of the coefficients, as R has them: {@code (Intercept)}, then the columns
 * @param outputs what each list of values is about: the classes but the first, or {@code mean0},
 *     {@code mean1}, …
 * @param reference the first class; null unless outputs are classes of a softmax
 * @param values a list for each output, with a value for each name
 * @param shapeName of the family's second parameter; empty if it has none
 * @param shape its value, given or learned; empty if it has none
 */
public record Coefficients(
    List<String> names,
    List<String> outputs,
    String reference,
    List<List<Double>> values,
    String shapeName,
    OptionalDouble shape) {

  /** Empty if there is a hidden layer, or an embedding. */
  static Optional<Coefficients> of(Network network, Encoding encoding, float[] packedTheta) {
    if (!network.isLinear()) {
      return Optional.empty();
    }
    float[] theta = network.parameters().toCanonical(packedTheta);
    List<double[]> all =
        IntStream.range(0, network.outputs())
            .mapToObj(output -> unscaled(network, encoding, theta, output))
            .toList();
    boolean classes = network.family().classification();
    // Outputs by themselves are known each for itself, those of softmax up to a common number.
    boolean differences = classes && network.family().yieldsProbabilities();
    List<List<Double>> values = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (int output = differences ? 1 : 0; output < all.size(); output++) {
      values.add(
          differences ? difference(all.get(output), all.getFirst()) : boxed(all.get(output)));
      outputs.add(classes ? encoding.classNames().get(output) : "mean" + output);
    }
    return Optional.of(
        new Coefficients(
            names(encoding),
            List.copyOf(outputs),
            differences ? encoding.classNames().getFirst() : null,
            List.copyOf(values),
            network.family().shape().name(),
            shape(network, theta)));
  }

  /** As inference takes them. */
  GlmSummary.Fit toFit(Network network, Encoding encoding) {
    double[][] beta = new double[values.size()][];
    for (int output = 0; output < beta.length; output++) {
      beta[output] = values.get(output).stream().mapToDouble(Double::doubleValue).toArray();
    }
    return new GlmSummary.Fit(
        network.family(), shape.orElse(1), names, outputs, encoding.classNames(), beta);
  }

  private static double[] unscaled(Network network, Encoding encoding, float[] theta, int output) {
    Range weights = network.parameters().range("output.W");
    Range bias = network.parameters().range("output.b");
    double[] values = new double[1 + weights.rows()];
    values[0] = theta[bias.canonicalAt() + output];
    for (int c = 0; c < weights.rows(); c++) {
      double weight = theta[weights.canonicalAt() + c * weights.columns() + output];
      values[0] += weight * encoding.shift()[c];
      values[1 + c] = weight * encoding.scale()[c];
    }
    return values;
  }

  private static List<Double> difference(double[] values, double[] reference) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Double.valueOf(values[i] - reference[i]))
        .toList();
  }

  private static List<Double> boxed(double[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> Double.valueOf(values[i])).toList();
  }

  private static List<String> names(Encoding encoding) {
    List<String> names = new ArrayList<>(List.of(TableEncoding.INTERCEPT));
    if (encoding.table() == null) {
      IntStream.range(0, encoding.inputs()).forEach(column -> names.add("x" + column));
    } else {
      names.addAll(encoding.table().columns());
    }
    return List.copyOf(names);
  }

  /** If it is learned, its logarithm is the last number of θ. */
  private static OptionalDouble shape(Network network, float[] theta) {
    if (network.family().shape().name().isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        network.family().shape().learned()
            ? Math.exp(theta[theta.length - 1])
            : network.family().shape().value());
  }
}
