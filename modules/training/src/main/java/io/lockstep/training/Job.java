package io.lockstep.training;

import io.lockstep.data.Partitions;
import io.lockstep.nn.Network;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Optimizer;

/**
 * All that decides a run's bits, the same on every node; immutable and shared by all threads.
 *
 * @param network what is trained
 * @param data training, validation and test rows
 * @param microBatches how a step is cut
 * @param epochs the course of the run, and which rows each step sees
 * @param optimizer how weights are updated
 * @param schedule the learning rate of each step
 * @param gradients the numbers that gradients are summed in
 * @param stopping what the validations decide
 * @param seed of initial weights, shuffles and dropout
 */
public record Job(
    Network network,
    Partitions data,
    MicroBatches microBatches,
    Epochs epochs,
    Optimizer optimizer,
    LearningRateSchedule schedule,
    GradientFormat gradients,
    EarlyStopping stopping,
    long seed) {

  /** Rows of the largest step: the batch, or all training rows if they are fewer. */
  public int mostRows() {
    return Math.min(microBatches.batch(), epochs.sampler().rows());
  }

  /** Micro-batches that have rows in the largest step. */
  public int mostLeaves() {
    return microBatches.leaves(mostRows());
  }

  /** Micro-batches that have rows in {@code step}. */
  public int leavesOf(long step) {
    return microBatches.leaves(epochs.sampler().rowsOf(step));
  }

  /**
   * The most leaves of one pass through the network; a power of two. One where every leaf is
   * rounded, since a pass adds its leaves without rounding.
   */
  public int maxLeaves() {
    return gradients == GradientFormat.FLOAT32 ? Replica.maxLeaves(microBatches) : 1;
  }
}
