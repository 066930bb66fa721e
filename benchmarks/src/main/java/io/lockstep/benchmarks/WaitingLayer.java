package io.lockstep.benchmarks;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Matrix;
import java.util.concurrent.atomic.AtomicReference;

/**
 * y = x, computed for a given time: a wait in the place of work, so that two cores can show more
 * workers than two. One thread is slower than all others; the values are the same.
 */
final class WaitingLayer implements CustomLayer {

  private final int width;
  private final long ms;
  private final long slowMs;
  private final int slowCall;
  private final AtomicReference<Thread> slow = new AtomicReference<>();
  private final ThreadLocal<int[]> calls = ThreadLocal.withInitial(() -> new int[1]);

  /**
   * @param ms of each micro-batch
   * @param slowMs of each of the slow thread
   * @param slowCall who is the first to compute as many micro-batches is the slow thread: one of
   *     those with the largest share, where steps are shared out evenly
   */
  WaitingLayer(int width, long ms, long slowMs, int slowCall) {
    this.width = width;
    this.ms = ms;
    this.slowMs = slowMs;
    this.slowCall = slowCall;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void forward(Leaf leaf) {
    copy(leaf.input(), leaf.output(), leaf.rows());
    if (leaf.training()) {
      await(isSlow() ? slowMs : ms);
    }
  }

  private boolean isSlow() {
    if (++calls.get()[0] == slowCall) {
      slow.compareAndSet(null, Thread.currentThread());
    }
    return slow.get() == Thread.currentThread();
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
