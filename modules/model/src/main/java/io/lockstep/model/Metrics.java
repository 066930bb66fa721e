package io.lockstep.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * What is measured while a run goes on: a line of {@code metrics.jsonl}, told apart by its {@code
 * event}. {@code seconds} count from the run's first step.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Metrics.Step.class, name = "step"),
  @JsonSubTypes.Type(value = Metrics.Epoch.class, name = "epoch"),
  @JsonSubTypes.Type(value = Metrics.Evaluation.class, name = "evaluation"),
  @JsonSubTypes.Type(value = Metrics.Times.class, name = "times")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Metrics {

  /** Updates so far. */
  long step();

  /** Number of the epoch, from 1. */
  long epoch();

  /** Seconds since the run's first step. */
  double seconds();

  /** As one line of JSON without the newline. */
  default String toJson() {
    return Json.line(this);
  }

  /**
   * How well some rows were predicted. Losses are means over rows; an accuracy is null where there
   * are no classes.
   */
  sealed interface Scored extends Metrics {

    /** Mean loss of a row. */
    double loss();

    /** Share of rows whose class was found; null where there are no classes. */
    Double accuracy();
  }

  /**
   * Some steps, up to and with {@code step}.
   *
   * @param loss over the rows of the steps since the last such report
   * @param learningRate of the last of them
   * @param samplesPerSecond since the last such report
   */
  record Step(
      long step,
      long epoch,
      double loss,
      Double accuracy,
      double learningRate,
      double samplesPerSecond,
      double seconds)
      implements Scored {}

  /**
   * A whole epoch.
   *
   * @param loss over all rows of the epoch, each by the weights of its step
   * @param learningRate of its last step
   * @param samplesPerSecond over the epoch
   */
  record Epoch(
      long step,
      long epoch,
      double loss,
      Double accuracy,
      double learningRate,
      double samplesPerSecond,
      double seconds)
      implements Scored {}

  /**
   * All rows of a partition by the weights after {@code step}.
   *
   * @param partition {@code train}, {@code validation} or {@code test}
   * @param deviance sum over the rows; null where the loss is no likelihood
   * @param logLikelihood sum over the rows; null where the loss is no likelihood
   */
  record Evaluation(
      String partition,
      long step,
      long epoch,
      double loss,
      Double accuracy,
      Double deviance,
      Double logLikelihood,
      double seconds)
      implements Scored {}

  /**
   * Where the time of a step went, in the mean over those that were measured of the steps of the
   * {@link Step} with the same {@code step}.
   *
   * @param steps how many were measured: a sample of a long run
   * @param parts of a step, in milliseconds; in the file each of them is a field of the line
   */
  record Times(long step, long epoch, int steps, @JsonUnwrapped StepParts parts, double seconds)
      implements Metrics {}
}
