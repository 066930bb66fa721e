package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Losses and gradients against those of PyTorch in double precision. */
class ReferenceGradientsTest {

  private static final double TOLERANCE = 1e-5;

  private double worst;
  private String worstCase;

  @Test
  void lossAndGradientsMatchPyTorch() throws IOException {
    JsonNode cases = read().get("cases");
    assertThat(cases).hasSize(67);
    for (JsonNode reference : cases) {
      for (Kernels kernels : KernelSets.all()) {
        if (hasMoreTargetsThanOutputs(reference)) {
          checkTwoTargets(reference, kernels);
        } else {
          check(reference, kernels);
        }
      }
    }
    System.out.printf("Gradients against PyTorch: worst error %.2e, %s%n", worst, worstCase);
    assertThat(worst).as(worstCase).isLessThanOrEqualTo(TOLERANCE);
  }

  private static boolean hasMoreTargetsThanOutputs(JsonNode reference) {
    return reference.get("y").get(0).size() > reference.get("eta").get(0).size();
  }

  /**
   * One case scores its one output against each of two targets. That is a network of two outputs
   * with the same weights; the gradient is the sum of their gradients.
   */
  private void checkTwoTargets(JsonNode reference, Kernels kernels) {
    String what = text(reference, "sizes") + " with two targets, " + kernels.choice();
    int in = reference.get("sizes").get(0).asInt();
    Network network = Network.builder(in).output(new SquaredError(), 2);
    double[] weights = doubles(reference.get("weights"));
    double bias = doubles(reference.get("biases"))[0];
    float[] canonical = new float[2 * in + 2];
    for (int i = 0; i < canonical.length; i++) {
      canonical[i] = (float) (i < 2 * in ? weights[i / 2] : bias);
    }
    Samples samples = samples(reference);
    Pass pass = new Pass(network, kernels, samples.rows());
    samples.fill(pass, 0, samples.rows());
    float[] packed = new float[network.parameters().packedLength()];
    Sums sums = new Sums();
    float[] theta = network.parameters().toPacked(canonical);
    pass.train(theta, samples.rows(), 2, 0, 0, 0, packed, sums, PassListener.NONE);
    double[] loss = {reference.get("loss").asDouble()};
    record(what + " loss", new float[] {(float) sums.loss}, loss, samples.rows());
    float[] gradient = network.parameters().toCanonical(packed);
    float[] dW = new float[in];
    for (int i = 0; i < in; i++) {
      dW[i] = gradient[2 * i] + gradient[2 * i + 1];
    }
    record(what + " dW", dW, doubles(reference.get("dWeights")), samples.rows());
    float[] db = {gradient[2 * in] + gradient[2 * in + 1]};
    record(what + " db", db, doubles(reference.get("dBiases")), samples.rows());
  }

  private static JsonNode read() throws IOException {
    try (InputStream in = ReferenceGradientsTest.class.getResourceAsStream("gradients.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private void check(JsonNode reference, Kernels kernels) {
    String what =
        text(reference, "sizes")
            + " "
            + text(reference, "activation")
            + " "
            + text(reference, "family")
            + " "
            + kernels.choice();
    Network network = network(reference);
    ParameterLayout layout = network.parameters();
    Samples samples = samples(reference);
    int rows = samples.rows();
    Pass pass = new Pass(network, kernels, rows);
    samples.fill(pass, 0, rows);
    Sums sums = new Sums();
    float[] gradient = new float[layout.packedLength()];
    float[] theta = layout.toPacked(theta(reference, layout));
    pass.train(theta, rows, 2, 0, 0, 0, gradient, sums, PassListener.NONE);
    record(what + " eta", pass.eta(), doubles(reference.get("eta")), 1);
    double[] loss = {reference.get("loss").asDouble()};
    record(what + " loss", new float[] {(float) sums.loss}, loss, rows);
    float[] canonical = layout.toCanonical(gradient);
    for (ParameterLayout.Range range : layout.ranges()) {
      boolean weight = range.role() == ParameterLayout.Role.WEIGHT;
      JsonNode expected = reference.get(weight ? "dWeights" : "dBiases").get(layer(layout, range));
      float[] actual =
          Arrays.copyOfRange(
              canonical, range.canonicalAt(), range.canonicalAt() + range.canonicalLength());
      record(what + " d" + range.name(), actual, doubles(expected), rows);
    }
  }

  private static int layer(ParameterLayout layout, ParameterLayout.Range range) {
    return layout.ranges().indexOf(range) / 2;
  }

  /** The error relative to the array's largest magnitude; absolute where that is zero. */
  private void record(String what, float[] actual, double[] expected, double divisor) {
    assertThat(actual).as(what).hasSize(expected.length);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(actual[i] / divisor - expected[i]));
    }
    double relative = largest == 0 ? error : error / largest;
    assertThat(relative).as(what).isNotNaN();
    if (relative >= worst) {
      worst = relative;
      worstCase = what;
    }
  }

  private static Network network(JsonNode reference) {
    JsonNode sizes = reference.get("sizes");
    Network.Builder builder = Network.builder(sizes.get(0).asInt());
    for (int i = 1; i < sizes.size() - 1; i++) {
      builder.dense(sizes.get(i).asInt(), activation(reference.get("activation").asText()));
    }
    int outputs = sizes.get(sizes.size() - 1).asInt();
    return builder.output(family(reference.get("family").asText()), outputs);
  }

  private static Activation activation(String name) {
    return switch (name) {
      case "identity" -> Activation.IDENTITY;
      case "sigmoid" -> Activation.SIGMOID;
      case "relu" -> Activation.RELU;
      case "tanh" -> Activation.TANH;
      case "leaky-relu(0.01)" -> Activation.LEAKY_RELU;
      case "elu(1)" -> Activation.ELU;
      case "softplus" -> Activation.SOFTPLUS;
      case "gelu(exact)" -> Activation.GELU;
      case "silu" -> Activation.SILU;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static OutputFamily family(String name) {
    return switch (name) {
      case "squared-error" -> new SquaredError();
      case "gaussian" -> new Gaussian();
      case "categorical" -> new Categorical();
      case "bernoulli" -> new Bernoulli();
      case "poisson" -> new Poisson();
      case "gamma" -> new Gamma(1);
      case "negative-binomial(r=2)" -> new NegativeBinomial(2);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Samples samples(JsonNode reference) {
    JsonNode y = reference.get("y");
    float[][] x = matrix(reference.get("X"));
    if (text(reference, "family").equals("categorical")) {
      int[] labels = new int[x.length];
      for (int row = 0; row < x.length; row++) {
        labels[row] = y.get(row).asInt();
      }
      return new Samples(x, labels, null);
    }
    return new Samples(x, new int[x.length], matrix(y));
  }

  private static float[][] matrix(JsonNode rows) {
    float[][] matrix = new float[rows.size()][];
    for (int row = 0; row < matrix.length; row++) {
      matrix[row] = floats(doubles(rows.get(row)));
    }
    return matrix;
  }

  private static float[] theta(JsonNode reference, ParameterLayout layout) {
    float[] theta = new float[layout.canonicalLength()];
    for (ParameterLayout.Range range : layout.ranges()) {
      boolean weight = range.role() == ParameterLayout.Role.WEIGHT;
      JsonNode values = reference.get(weight ? "weights" : "biases").get(layer(layout, range));
      System.arraycopy(
          floats(doubles(values)), 0, theta, range.canonicalAt(), range.canonicalLength());
    }
    return theta;
  }

  private static String text(JsonNode reference, String field) {
    JsonNode node = reference.get(field);
    return node.isTextual() ? node.asText() : node.toString();
  }

  /** All numbers below a node, row after row. */
  private static double[] doubles(JsonNode node) {
    if (!node.isArray()) {
      return new double[] {node.asDouble()};
    }
    double[] all = new double[0];
    for (JsonNode child : node) {
      double[] part = doubles(child);
      double[] longer = Arrays.copyOf(all, all.length + part.length);
      System.arraycopy(part, 0, longer, all.length, part.length);
      all = longer;
    }
    return all;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
