package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What is reported of a step or an evaluation.
 *
 * @param weight sum of the rows' weights
 * @param loss sum of the rows' losses
 * @param correct rows whose predicted class is the label
 * @param nanos when it was done, since the first step began
 */
public record StepSums(double weight, double loss, double correct, long nanos) {

  /** The same as sums. */
  public Sums toSums() {
    Sums sums = new Sums();
    sums.weight = weight;
    sums.loss = loss;
    sums.correct = correct;
    return sums;
  }
}
