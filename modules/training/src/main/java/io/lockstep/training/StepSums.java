package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What is reported of a step or an evaluation.
 *
 * @param weight sum of the rows' weights
 * @param loss sum of the rows' losses
 * @param correct sum of the weights of rows that were predicted right
 * @param deviance sum of the rows' deviances, of an evaluation
 * @param nanos when it was done, since the first step began
 */
public record StepSums(double weight, double loss, double correct, double deviance, long nanos) {

  /** Of a step, which has no deviance. */
  public StepSums(double weight, double loss, double correct, long nanos) {
    this(weight, loss, correct, 0, nanos);
  }

  /** The same as sums. */
  public Sums toSums() {
    Sums sums = new Sums();
    sums.weight = weight;
    sums.loss = loss;
    sums.correct = correct;
    sums.deviance = deviance;
    return sums;
  }
}
