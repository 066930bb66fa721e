package io.lockstep.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

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
   * Where the time of a step went, in milliseconds, in the mean over those that were measured of
   * the steps of the {@link Step} with the same {@code step}; the sum of the parts is the time of a
   * step.
   *
   * @param steps how many were measured: a sample of a long run
   * @param compute of a worker, in the mean over all of them, and its waiting for a core
   * @param give handing on gradients while nothing is computed
   * @param aggregation adding gradients and updating weights, by workers themselves, and at most so
   *     much of what they wait for
   * @param exposed waiting for messages, even of the worker that waits least: at least so long
   * @param slowest waiting for workers that are slower, in the mean
   */
  record Times(
      long step,
      long epoch,
      int steps,
      double compute,
      double give,
      double aggregation,
      double exposed,
      double slowest,
      double seconds)
      implements Metrics {}
}
