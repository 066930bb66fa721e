package io.lockstep.model.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lockstep.model.RunSummary.Event;
import io.lockstep.model.RunSummary.Score;
import java.util.List;

/**
 * What a run has reported by the time of a checkpoint, and what it is in the midst of reporting.
 *
 * @param metricsBytes length of {@code metrics.jsonl}: what stands behind is of later steps
 * @param seconds of training so far
 * @param samples rows trained on so far
 * @param sinceReport sums over the steps since the last regular report
 * @param sinceEpoch sums over the steps of the epoch that is under way
 * @param lastEpoch the last whole epoch as it was trained on; null if there is none
 * @param epochIsOpen whether the epoch that ends with the checkpoint is still to be reported
 * @param validations what early stopping needs to know of them; null if there was none
 * @param best the checkpoint that was best on the validation rows so far; null if there is none
 * @param events nodes that joined or left so far, and what else happened
 */
public record Progress(
    @JsonProperty(required = true) long metricsBytes,
    @JsonProperty(required = true) double seconds,
    @JsonProperty(required = true) double samples,
    @JsonProperty(required = true) Totals sinceReport,
    @JsonProperty(required = true) Totals sinceEpoch,
    Score lastEpoch,
    @JsonProperty(required = true) boolean epochIsOpen,
    Validations validations,
    Best best,
    @JsonProperty(required = true) List<Event> events) {

  /** Nothing yet. */
  public static final Progress NONE =
      new Progress(0, 0, 0, Totals.NONE, Totals.NONE, null, false, null, null, List.of());

  /** Makes the list unmodifiable. */
  public Progress {
    events = List.copyOf(events);
  }

  /** The same, with where the metrics end and which checkpoint is the best so far. */
  public Progress with(long bytes, Best bestSoFar) {
    return new Progress(
        bytes,
        seconds,
        samples,
        sinceReport,
        sinceEpoch,
        lastEpoch,
        epochIsOpen,
        validations,
        bestSoFar,
        events);
  }

  /**
   * The validations so far.
   *
   * @param version the last that was validated
   * @param bestVersion the one with the least loss; 0 if none had a loss that is a number
   * @param bestLoss its loss
   * @param improvedLoss loss of the last one that was an improvement
   * @param epochsSince epochs since then
   */
  public record Validations(
      @JsonProperty(required = true) long version,
      @JsonProperty(required = true) long bestVersion,
      @JsonProperty(required = true) double bestLoss,
      @JsonProperty(required = true) double improvedLoss,
      @JsonProperty(required = true) int epochsSince) {}

  /**
   * A checkpoint and what it was worth.
   *
   * @param version of the checkpoint
   * @param loss on the validation rows
   */
  public record Best(
      @JsonProperty(required = true) long version, @JsonProperty(required = true) double loss) {}

  /**
   * Sums over rows.
   *
   * @param weight of the rows
   * @param loss of the rows
   * @param correct rows whose class was found
   */
  public record Totals(
      @JsonProperty(required = true) double weight,
      @JsonProperty(required = true) double loss,
      @JsonProperty(required = true) double correct) {

    /** Of no rows. */
    public static final Totals NONE = new Totals(0, 0, 0);
  }
}
