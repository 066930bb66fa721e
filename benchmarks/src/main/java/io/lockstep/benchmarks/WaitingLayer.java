package io.lockstep.benchmarks;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Matrix;

/**
 * y = x, computed for a given time: a wait in the place of work, so that two cores can show more
 * workers than two.
 */
final class WaitingLayer implements CustomLayer {

  private final int width;
  private final long ms;

  /**
   * @param ms of each micro-batch
   */
  WaitingLayer(int width, long ms) {
    this.width = width;
    this.ms = ms;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void forward(Leaf leaf) {
    copy(leaf.input(), leaf.output(), leaf.rows());
    if (leaf.training()) {
      await(ms);
    }
  }

  private static void await(long ms) {
    try {
      Thread.sleep(ms); // Stands for computing, so that two cores can show three workers.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void backward(Leaf leaf) {
    if (leaf.wantsInputGradient()) {
      copy(leaf.outputGradient(), leaf.inputGradient(), leaf.rows());
    }
  }

  private void copy(Matrix from, Matrix to, int rows) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < width; column++) {
        to.set(row, column, from.get(row, column));
      }
    }
  }
}
