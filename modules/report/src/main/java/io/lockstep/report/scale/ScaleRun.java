package io.lockstep.report.scale;

import io.lockstep.model.StepParts;

/**
 * One run.
 *
 * @param cell what was varied
 * @param microBatches pieces that a whole step is cut into; 0: not known
 * @param round from 1: each cell has one run a round
 * @param folder where the run is, from the folder of the experiment
 * @param rate how fast it was
 * @param parts where the time of a step went; null if that was not measured
 * @param end what it came to
 */
public record ScaleRun(
    ScaleCell cell,
    int microBatches,
    int round,
    String folder,
    SteadyRate rate,
    StepParts parts,
    End end) {

  /**
   * What a run came to.
   *
   * @param steps updates that were done
   * @param seconds of training, with evaluations
   * @param loss mean loss of the rows of the last epoch's steps
   * @param weightsSha256 of the weights that it ended with
   * @param secondsToTarget when it first reached what was to be reached; null if nothing was
   */
  public record End(
      long steps, double seconds, double loss, String weightsSha256, Double secondsToTarget) {}

  /**
   * How the rows of a step are added up: with the same, runs of the same length have the same
   * weights, whoever computes.
   *
   * @param batch rows of a step
   * @param microBatches pieces of them; 0: not known
   */
  public record Cut(int batch, int microBatches) {

    /** Such as {@code batch 96 in 4 micro-batches}. */
    public String name() {
      String pieces = microBatches == 1 ? " in 1 micro-batch" : " in %d micro-batches";
      return "batch " + batch + (microBatches == 0 ? "" : pieces.formatted(microBatches));
    }
  }

  /**
   * Milliseconds of a step that are none of its parts, such as evaluations where there is one
   * between nearly any two reports; at least 0: of long runs the parts are those of a sample of
   * steps.
   */
  double otherMs() {
    return parts == null ? 0 : Math.max(0, rate.stepMs() - parts.total());
  }

  /** How its steps are added up. */
  Cut cut() {
    return new Cut(cell.batch(), microBatches);
  }
}
