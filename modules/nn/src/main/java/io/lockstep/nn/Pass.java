package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.OutputFamily.Targets;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Runs a network on rows: forward, loss, backward. One thread's workspace, allocated once for the
 * most rows; no call allocates.
 *
 * <p>The caller fills {@link #input()} and {@link #labels()} or {@link #targets()} for the rows of
 * the next call, packed for that number of rows, then calls {@link #train}, {@link #evaluate} or
 * {@link #predict}. What a row yields depends neither on the rows beside it nor on the number of
 * rows.
 */
public final class Pass {

  private final Graph graph;
  private final Workspace w;
  private final OutputFamily family;
  private final Targets targets;
  private final float[] loss;
  private final double[] deviance;
  private final float[] offsets;
  private final float[] weights;
  private boolean usesOffsets;
  private boolean usesWeights;
  private final Sums[] leaves;

  /**
   * @param network what to compute
   * @param kernels what to compute with
   * @param maxRows the most rows of a call
   * @throws IllegalArgumentException if maxRows is below 1 or too many for one array
   */
  public Pass(Network network, Kernels kernels, int maxRows) {
    this(network.graph(), kernels, maxRows);
  }

  Pass(Graph graph, Kernels kernels, int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("pass: expected at least 1 row but found " + maxRows);
    }
    this.graph = graph;
    this.w = new Workspace(graph, kernels, maxRows);
    this.family = graph.family().forPass(kernels, graph.outputs(), maxRows);
    this.targets =
        new Targets(new int[maxRows], new int[maxRows], new float[graph.targetColumns() * maxRows]);
    this.loss = new float[maxRows];
    this.deviance = new double[maxRows];
    this.offsets = new float[maxRows];
    this.weights = new float[maxRows];
    this.leaves = new Sums[maxRows];
    for (int i = 0; i < maxRows; i++) {
      leaves[i] = new Sums();
    }
  }

  /** The array that holds the input; the rows begin at {@link #inputAt()}. */
  public float[] input() {
    return w.arena;
  }

  /** Where in {@link #input()} the caller writes the rows, packed [rows][inputWidth]. */
  public int inputAt() {
    return w.at(graph.input());
  }

  /** Where the caller writes the class of each row, in [0, outputs); of classifications. */
  public int[] labels() {
    return targets.labels();
  }

  /** Where the caller writes the target values, packed [rows][outputs]; not of classifications. */
  public float[] targets() {
    return targets.values();
  }

  /** Where the caller writes what is added to each row's η, if {@link #useOffsets} was called. */
  public float[] offsets() {
    return offsets;
  }

  /**
   * Where the caller writes the case weight of each row, above 0, if {@link #useWeights} was
   * called: loss, gradient and what else is summed are multiplied by it.
   */
  public float[] weights() {
    return weights;
  }

  /** Whether the following calls add {@link #offsets()}; at first they do not. */
  public void useOffsets(boolean use) {
    usesOffsets = use;
  }

  /** Whether the following calls go by {@link #weights()}; at first each row has weight 1. */
  public void useWeights(boolean use) {
    usesWeights = use;
  }

  /** The most rows of a call. */
  public int maxRows() {
    return loss.length;
  }

  /**
   * Forward with dropout, loss, backward over the rows of consecutive leaves.
   *
   * <p>Sums and gradient are summed over the rows of each leaf in order, then over the leaves in a
   * binary tree: (0+1)+(2+3), …; a node with one child is that child. So they have the same bits as
   * the leaves computed one by one and then added.
   *
   * @param theta packed θ; read until the gradient of the same place is handed on
   * @param rows number of rows
   * @param leafRows rows of each leaf, the last may have fewer
   * @param firstRow position of row 0 within the step's global batch
   * @param step number of the step, for dropout
   * @param seed seed of the run, for dropout
   * @param gradient positions as θ, overwritten with the sum over rows, padding zero
   * @param sums overwritten
   * @param listener told of progress while this runs
   * @throws IllegalArgumentException if rows is not in [1, maxRows] or leafRows is below 1
   */
  public void train(
      float[] theta,
      int rows,
      int leafRows,
      int firstRow,
      long step,
      long seed,
      float[] gradient,
      Sums sums,
      PassListener listener) {
    trainForward(theta, rows, leafRows, firstRow, step, seed, sums, listener);
    trainBackward(gradient);
  }

  /**
   * As above, where the gradient's array is asked for when it is needed: before the backward pass,
   * when all weights were there. That of the pass before may be free by then.
   */
  public void train(
      float[] theta,
      int rows,
      int leafRows,
      int firstRow,
      long step,
      long seed,
      Supplier<float[]> gradient,
      Sums sums,
      PassListener listener) {
    trainForward(theta, rows, leafRows, firstRow, step, seed, sums, listener);
    trainBackward(gradient.get());
  }

  private void trainForward(
      float[] theta,
      int rows,
      int leafRows,
      int firstRow,
      long step,
      long seed,
      Sums sums,
      PassListener listener) {
    begin(theta, rows, leafRows, Objects.requireNonNull(listener, "listener"));
    w.training = true;
    w.firstRow = firstRow;
    w.step = step;
    w.seed = seed;
    forward();
    score(w.gradientAt(graph.output()), sums);
    listener.lossDone();
    listener.sumsReady(sums);
  }

  private void trainBackward(float[] gradient) {
    w.gradient = gradient;
    backward();
    end();
  }

  /**
   * Forward without dropout, and loss.
   *
   * @param theta packed θ
   * @param rows number of rows
   * @param unitRows rows of each unit, summed like the leaves of {@link #train}
   * @param sums overwritten
   * @throws IllegalArgumentException if rows is not in [1, maxRows] or unitRows is below 1
   */
  public void evaluate(float[] theta, int rows, int unitRows, Sums sums) {
    begin(theta, rows, unitRows, PassListener.NONE);
    forward();
    score(LOSS_ONLY, sums);
    end();
  }

  /**
   * Forward without dropout; the family's mean: values, or class probabilities.
   *
   * @param theta packed θ
   * @param rows number of rows
   * @param mean row-major [rows][outputs], from {@code at}, overwritten
   * @throws IllegalArgumentException if rows is not in [1, maxRows]
   */
  public void predict(float[] theta, int rows, float[] mean, int at) {
    begin(theta, rows, rows, PassListener.NONE);
    forward();
    Value eta = graph.output();
    family.mean(w.kernels(), rows, graph.outputs(), w.arena, w.at(eta));
    Panels.unpack(rows, graph.outputs(), w.arena, w.at(eta), mean, at);
    end();
  }

  /**
   * What a layer yielded in the last call; after {@link #predict} the last layer's is the mean.
   *
   * @param layer index into {@link Network#layers()}
   * @param values row-major [rows of the call][width of the layer], overwritten
   * @throws IndexOutOfBoundsException if there is no such layer, or the array is too short
   */
  public void output(int layer, float[] values) {
    Value value = graph.operations().get(layer).output();
    Panels.unpack(w.rows, value.width(), w.arena, w.at(value), values, 0);
  }

  private void begin(float[] theta, int rows, int leafRows, PassListener listener) {
    if (rows < 1 || rows > maxRows()) {
      throw new IllegalArgumentException(
          "pass: expected 1 to " + maxRows() + " rows but found " + rows);
    }
    if (leafRows < 1) {
      throw new IllegalArgumentException(
          "pass: expected at least 1 row per leaf but found " + leafRows);
    }
    w.theta = theta;
    w.rows = rows;
    w.leafRows = leafRows;
    w.listener = listener;
    w.training = false;
    w.weights = usesWeights ? weights : null;
  }

  /** Lets go of the caller's arrays. */
  private void end() {
    w.theta = null;
    w.gradient = null;
    w.listener = null;
  }

  private void forward() {
    List<Operation> operations = graph.operations();
    for (int i = 0; i < operations.size(); i++) {
      operations.get(i).forward(w);
      w.listener.forwardDone(i);
    }
    if (usesOffsets) {
      addOffsets();
    }
  }

  private void addOffsets() {
    int at = w.at(graph.output());
    for (int row = 0; row < w.rows; row++) {
      for (int output = 0; output < graph.outputs(); output++) {
        w.arena[at + Panels.index(w.rows, row, output)] += offsets[row];
      }
    }
  }

  private void backward() {
    List<Operation> operations = graph.operations();
    for (int i = operations.size() - 1; i >= 0; i--) {
      Operation operation = operations.get(i);
      if (operation.output().needsGradient()) {
        operation.backward(w);
        w.accumulate(operation);
        w.listener.backwardDone(i);
      }
    }
  }

  private static final int LOSS_ONLY = -1;

  /** Losses, with their gradient unless {@link #LOSS_ONLY}, and the sums over leaves. */
  private void score(int dEtaAt, Sums sums) {
    Value eta = graph.output();
    float[] dEta = dEtaAt == LOSS_ONLY ? null : w.arena;
    int outputs = graph.outputs();
    family.loss(w.kernels(), w.rows, outputs, w.arena, w.at(eta), targets, dEta, dEtaAt, loss);
    boolean withDeviance = dEta == null && family.isLikelihood();
    if (withDeviance) {
      family.deviance(w.rows, outputs, w.arena, w.at(eta), targets, loss, deviance);
    }
    if (usesWeights && dEta != null) {
      weigh(dEtaAt);
    }
    int count = (w.rows + w.leafRows - 1) / w.leafRows;
    for (int leaf = 0; leaf < count; leaf++) {
      int from = leaf * w.leafRows;
      sumLeaf(leaves[leaf], from, Math.min(from + w.leafRows, w.rows), withDeviance);
    }
    addInTree(count);
    sums.copy(leaves[0]);
  }

  /** Multiplies the gradient of each row by its weight. */
  private void weigh(int dEtaAt) {
    int columns = graph.output().width();
    for (int row = 0; row < w.rows; row++) {
      for (int column = 0; column < columns; column++) {
        w.arena[dEtaAt + Panels.index(w.rows, row, column)] *= weights[row];
      }
    }
  }

  private void sumLeaf(Sums leaf, int from, int to, boolean withDeviance) {
    leaf.clear();
    boolean hasAccuracy = family.hasAccuracy();
    for (int row = from; row < to; row++) {
      double weight = usesWeights ? weights[row] : 1;
      leaf.weight += weight;
      leaf.loss += weight * loss[row];
      leaf.deviance += withDeviance ? weight * deviance[row] : 0;
      leaf.correct += hasAccuracy && isRight(row) ? weight : 0;
    }
    if (!Double.isFinite(leaf.loss)) {
      leaf.nonFiniteLayer = firstNonFiniteLayer(from, to);
    }
  }

  private boolean isRight(int row) {
    return targets.predicted()[row] == targets.labels()[row];
  }

  private int firstNonFiniteLayer(int from, int to) {
    List<Operation> operations = graph.operations();
    for (int i = 0; i < operations.size(); i++) {
      Value value = operations.get(i).output();
      if (!w.finite(value, from, to)) {
        return value.layer();
      }
    }
    return graph.output().layer();
  }

  /** Level by level: node i of a level is the sum of nodes 2i and 2i + 1 of the level below. */
  private void addInTree(int count) {
    for (int apart = 1; apart < count; apart *= 2) {
      for (int leaf = 0; leaf + apart < count; leaf += 2 * apart) {
        leaves[leaf].add(leaves[leaf + apart]);
      }
    }
  }

  /** η of the last call, row-major [rows][outputs]: for tests. */
  float[] eta() {
    int at = w.at(graph.output());
    float[] rowMajor = new float[w.rows * graph.outputs()];
    Panels.unpack(w.rows, graph.outputs(), w.arena, at, rowMajor, 0);
    return rowMajor;
  }
}
