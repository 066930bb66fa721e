package io.lockstep.optim;

import java.util.Arrays;

/**
 * What a step of {@link Lbfgs} does, by the dot products of its vectors alone. Allocates nothing;
 * used by one thread.
 *
 * <p>The vectors, with m pairs: s₁, …, sₘ; y₁, …, yₘ; x; the gradient at x; θ; the sum of the
 * step's gradients; λ · θ. Of their dot products the lower triangle is given, by rows. From these
 * come those of the vectors of the recursion: s₀ = θ − x and y₀ = g − the gradient at x, with g =
 * the sum times the scale + λ · θ; s₁, …, sₘ; y₁, …, yₘ; g.
 *
 * <p>With slopes a = ⟨gradient at x, θ − x⟩ and b = ⟨g, θ − x⟩ the trial point θ is accepted if b ≤
 * −a/2; else the next one is where the slope would be 0 if it were linear in between, but not
 * nearer to x than a tenth. A pair is kept if b > a by what float can tell. If a is not below 0,
 * which rounding can do at a minimum, all pairs are forgotten.
 *
 * <p>The trial step is at most 1 long at first, and later at most four times as long as the last
 * accepted one: exp of a far linear predictor would not be finite. Where it is shorter than 2⁻²²
 * ‖θ‖, and the gradient smaller than the rounding of its rows, n of weight 1, makes it, 2⁻²³ ‖θ‖ /
 * √n times the largest curvature yᵀy / sᵀy of a pair, the minimum is reached: θ stays, for slopes
 * would be but rounding, and pairs of rounding lead away from it where the loss is flat. So does it
 * where a trial point is x itself.
 */
final class LbfgsStep {

  /** Of the slope at the accepted point; δ = 1/4 of Hager and Zhang. */
  private static final double MOST_SLOPE = 0.5;

  private static final double LEAST_RATIO = 0.1;

  /** Of the slope; a smaller change may be but rounding. */
  private static final double LEAST_CURVATURE = 1e-6;

  private static final double MOST_GROWTH = 4;

  private static final double LEAST_STEP = 0x1p-22;

  private static final double ROUNDING = 0x1p-23;

  private final int memory;
  private final int vectors;

  /** Dot products of the vectors. */
  private final double[][] given;

  /** Each vector of the recursion as a combination of vectors. */
  private final double[][] combinations;

  /** Dot products of the vectors of the recursion. */
  private final double[][] products;

  /** Dot products of one of these and each of the vectors. */
  private final double[] half;

  /** The direction as a combination of the vectors of the recursion. */
  private final double[] direction;

  private final double[] alphas;
  private boolean accepted;
  private boolean pair;
  private boolean forgets;
  private boolean settled;
  private double mostCurvature;
  private double ratio;

  LbfgsStep(int memory) {
    this.memory = memory;
    this.vectors = vectors(memory);
    this.given = new double[vectors][vectors];
    int recursion = 2 * (memory + 1) + 1;
    this.combinations = new double[recursion][vectors];
    this.products = new double[recursion][recursion];
    this.half = new double[vectors];
    this.direction = new double[recursion];
    this.alphas = new double[memory + 1];
  }

  int memory() {
    return memory;
  }

  static int vectors(int memory) {
    return 2 * memory + 5;
  }

  /** Number of dot products. */
  static int products(int memory) {
    return vectors(memory) * (vectors(memory) + 1) / 2;
  }

  /** Number of the vector x, the last accepted point. */
  static int accepted(int memory) {
    return 2 * memory;
  }

  /** Number of the vector that is the gradient at x. */
  static int slopes(int memory) {
    return 2 * memory + 1;
  }

  private static int theta(int memory) {
    return 2 * memory + 2;
  }

  /** Number of the vector that is the sum of the step's gradients. */
  static int gradient(int memory) {
    return 2 * memory + 3;
  }

  /** Number of the vector λ · θ. */
  static int decay(int memory) {
    return 2 * memory + 4;
  }

  private int s(int i) {
    return i;
  }

  private int y(int i) {
    return memory + 1 + i;
  }

  private int g() {
    return 2 * (memory + 1);
  }

  /**
   * Decides on a step.
   *
   * @param totals the dot products
   * @param scale of the sum of gradients
   */
  void compute(double[] totals, double scale) {
    unpack(totals);
    combine(scale);
    multiply();
    double before = slopeBefore();
    double after = products[g()][s(0)];
    boolean first = given[slopes(memory)][slopes(memory)] == 0;
    ratio = Math.clamp(before / (before - after), LEAST_RATIO, 1);
    accepted = first || !(before < 0) || !(after > -MOST_SLOPE * before);
    forgets = !first && !(before < 0);
    pair = !first && before < 0 && after - before > -LEAST_CURVATURE * before;
    if (accepted) {
      direct(first);
    }
    settled = accepted && !first && isReached(scale);
  }

  private boolean isReached(double scale) {
    double size = root(given[theta(memory)][theta(memory)]);
    double slope = root(products[g()][g()]);
    double rounding = ROUNDING * StrictMath.sqrt(scale) * size * mostCurvature;
    return products[s(0)][s(0)] == 0 || length() <= LEAST_STEP * size && slope <= rounding;
  }

  /** a; the gradient at x is g − y₀. */
  private double slopeBefore() {
    return products[g()][s(0)] - products[y(0)][s(0)];
  }

  private void unpack(double[] totals) {
    int at = 0;
    for (int i = 0; i < vectors; i++) {
      for (int j = 0; j <= i; j++) {
        given[i][j] = totals[at];
        given[j][i] = totals[at++];
      }
    }
  }

  private void combine(double scale) {
    for (int i = 0; i < memory; i++) {
      combinations[s(i + 1)][i] = 1;
      combinations[y(i + 1)][memory + i] = 1;
    }
    combinations[s(0)][accepted(memory)] = -1;
    combinations[s(0)][theta(memory)] = 1;
    combinations[y(0)][slopes(memory)] = -1;
    combineGradient(combinations[y(0)], scale);
    combineGradient(combinations[g()], scale);
  }

  private void combineGradient(double[] combination, double scale) {
    combination[gradient(memory)] = scale;
    combination[decay(memory)] = 1;
  }

  private void multiply() {
    for (int i = 0; i < products.length; i++) {
      Arrays.fill(half, 0);
      for (int u = 0; u < vectors; u++) {
        add(combinations[i][u], given[u]);
      }
      for (int j = 0; j <= i; j++) {
        products[i][j] = dot(half, combinations[j]);
        products[j][i] = products[i][j];
      }
    }
  }

  private void add(double factor, double[] row) {
    if (factor != 0) {
      for (int v = 0; v < vectors; v++) {
        half[v] += factor * row[v];
      }
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** The two-loop recursion over the pairs, of which slot 0 is the newest. */
  private void direct(boolean first) {
    Arrays.fill(direction, 0);
    direction[g()] = -1;
    int from = pair ? 0 : 1;
    int to = forgets ? from : from + memory;
    double gamma = 0;
    mostCurvature = 0;
    for (int i = from; i < to; i++) {
      if (isPair(i)) {
        double inverse = curvature(i) / products[y(i)][y(i)];
        gamma = gamma == 0 ? inverse : gamma;
        mostCurvature = Math.max(mostCurvature, 1 / inverse);
        alphas[i] = along(s(i)) / curvature(i);
        direction[y(i)] -= alphas[i];
      }
    }
    scale(gamma == 0 ? Math.min(1, 1 / root(products[g()][g()])) : gamma);
    for (int i = to - 1; i >= from; i--) {
      if (isPair(i)) {
        direction[s(i)] += alphas[i] - along(y(i)) / curvature(i);
      }
    }
    if (!first && !forgets) {
      shorten();
    }
  }

  private double curvature(int i) {
    return products[s(i)][y(i)];
  }

  private boolean isPair(int i) {
    return curvature(i) > 0 && products[y(i)][y(i)] > 0;
  }

  /** Of a square that sums may have brought below 0. */
  private static double root(double square) {
    return StrictMath.sqrt(Math.max(0, square));
  }

  /** The dot product of the direction so far and a vector of the recursion. */
  private double along(int vector) {
    return dot(direction, products[vector]);
  }

  private void scale(double factor) {
    for (int i = 0; i < direction.length; i++) {
      direction[i] *= factor;
    }
  }

  private void shorten() {
    double most = MOST_GROWTH * root(products[s(0)][s(0)]);
    double length = length();
    if (length > most) {
      scale(most / length);
    }
  }

  /** Of the direction. */
  private double length() {
    double square = 0;
    for (int i = 0; i < direction.length; i++) {
      square += direction[i] * along(i);
    }
    return root(square);
  }

  /** Whether the trial point is. */
  boolean isAccepted() {
    return accepted;
  }

  /** Whether the minimum is reached, as far as floats go: θ and all that is kept stay. */
  boolean isSettled() {
    return settled;
  }

  /** Of a trial point that is not accepted: where on its way the next one is. */
  double ratio() {
    return ratio;
  }

  /** Whether s₀, y₀ become the newest pair. */
  boolean keepsPair() {
    return pair;
  }

  /** Whether all pairs are forgotten. */
  boolean forgets() {
    return forgets;
  }

  /** What s₀ or sᵢ is multiplied by in the step that follows. */
  double ofS(int i) {
    return direction[s(i)];
  }

  /** What y₀ or yᵢ is multiplied by in the step that follows. */
  double ofY(int i) {
    return direction[y(i)];
  }

  /** What g is multiplied by in the step that follows. */
  double ofGradient() {
    return direction[g()];
  }
}
