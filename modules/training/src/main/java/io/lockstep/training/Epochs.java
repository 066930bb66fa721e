package io.lockstep.training;

import io.lockstep.data.Sampler;

/**
 * The course of a run over its training rows: how many steps it has and where its epochs end.
 *
 * @param sampler which rows each step sees
 * @param epochs epochs to run
 * @param maxSteps most steps of the run; 0 for no such limit
 */
public record Epochs(Sampler sampler, int epochs, long maxSteps) {

  /**
   * @throws IllegalArgumentException if epochs is not positive or maxSteps is negative
   */
  public Epochs {
    if (epochs < 1) {
      throw new IllegalArgumentException("train.epochs: expected at least 1, found " + epochs);
    }
    if (maxSteps < 0) {
      throw new IllegalArgumentException(
          "train.maxSteps: expected 0 (no limit) or more, found " + maxSteps);
    }
  }

  /** Steps of the run. */
  public long steps() {
    long all = (long) sampler.stepsPerEpoch() * epochs;
    return maxSteps == 0 ? all : Math.min(all, maxSteps);
  }

  /** The epoch of {@code step}, from 0. */
  public int epochOf(long step) {
    return (int) sampler.epochOf(step);
  }

  /** Whether {@code step} is the last of its epoch or of the run: validation follows it. */
  public boolean endsEpoch(long step) {
    return sampler.stepInEpoch(step + 1) == 0 || step + 1 == steps();
  }
}
