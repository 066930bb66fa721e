package io.lockstep;

import io.lockstep.cluster.RunObserver;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.nn.Sums;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.training.Epochs;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEvent;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Turns what a run tells into reports for listeners, queued for the thread that called {@link
 * Training#run}. Times are nanoseconds since the first step began, taken where it was done.
 *
 * <p>A step only adds a few doubles; a report is made every {@code reportEvery} steps, and twice a
 * second.
 */
final class RunEvents implements RunObserver {

  private static final long DISPLAY_NANOS = 500_000_000L;

  /** What waits to be told to each listener; empty at the end of the run. */
  private final BlockingQueue<Optional<Consumer<TrainingListener>>> queue =
      new LinkedBlockingQueue<>();

  private final Epochs epochs;
  private final LearningRateSchedule schedule;
  private final int reportEvery;
  private final boolean classification;
  private final boolean validates;
  private final Sums sinceRegular = new Sums();
  private final Sums sinceDisplay = new Sums();
  private final Sums sinceEpoch = new Sums();
  private long regularNanos;
  private long displayNanos;
  private double samples;
  private Score lastEpoch;
  private EpochReport openEpoch;
  private long endNanos;

  RunEvents(
      Epochs epochs,
      LearningRateSchedule schedule,
      int reportEvery,
      boolean classification,
      boolean validates) {
    this.epochs = epochs;
    this.schedule = schedule;
    this.reportEvery = reportEvery;
    this.classification = classification;
    this.validates = validates;
  }

  /** Waits for the next report; empty when the run is over, which bounds the wait. */
  Optional<Consumer<TrainingListener>> take() throws InterruptedException {
    return queue.take();
  }

  /** Ends the queue: the run is over. */
  void end() {
    queue.add(Optional.empty());
  }

  private void tell(Consumer<TrainingListener> report) {
    queue.add(Optional.of(report));
  }

  @Override
  public void stepCommitted(long step, Sums sums, long now) {
    endNanos = now;
    samples += sums.weight;
    sinceRegular.add(sums);
    sinceDisplay.add(sums);
    sinceEpoch.add(sums);
    reportIfDue(step, now);
    if (epochs.endsEpoch(step)) {
      endEpoch(step, now);
    }
  }

  /**
   * A regular report covers the steps since the regular one before, whatever was displayed between.
   */
  private void reportIfDue(long step, long now) {
    if ((step + 1) % reportEvery == 0) {
      report(step, now, sinceRegular, regularNanos, true);
      regularNanos = now;
      sinceRegular.clear();
    } else if (now - displayNanos > DISPLAY_NANOS) {
      report(step, now, sinceDisplay, displayNanos, false);
    } else {
      return;
    }
    displayNanos = now;
    sinceDisplay.clear();
  }

  private void report(long step, long now, Sums sums, long sinceNanos, boolean regular) {
    Score mean = score(sums);
    double elapsed = seconds(now);
    StepReport report =
        new StepReport(
            step + 1,
            epochs.steps(),
            epochs.epochOf(step) + 1,
            epochs.epochs(),
            mean.loss(),
            mean.accuracy() == null ? Double.NaN : mean.accuracy(),
            schedule.rate(step),
            sums.weight / ((now - sinceNanos) * 1e-9),
            elapsed,
            elapsed / (step + 1) * (epochs.steps() - step - 1),
            regular);
    tell(listener -> listener.onStep(report));
  }

  private void endEpoch(long step, long now) {
    lastEpoch = score(sinceEpoch);
    sinceEpoch.clear();
    EpochReport report =
        new EpochReport(
            epochs.epochOf(step) + 1,
            epochs.epochs(),
            step + 1,
            lastEpoch,
            null,
            schedule.rate(step),
            seconds(now),
            rate(now));
    if (validates) {
      openEpoch = report;
    } else {
      tell(listener -> listener.onEpoch(report));
    }
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums, long now) {
    if (evaluation == Evaluation.VALIDATION && openEpoch != null && openEpoch.step() == version) {
      EpochReport open = openEpoch;
      openEpoch = null;
      endNanos = now;
      EpochReport report =
          new EpochReport(
              open.epoch(),
              open.epochs(),
              version,
              open.train(),
              score(sums),
              open.learningRate(),
              seconds(now),
              rate(now));
      tell(listener -> listener.onEpoch(report));
    }
  }

  @Override
  public void trained(long version, float[] weights) {
    tell(
        listener -> {
          if (listener instanceof RunRecorder recorder) {
            recorder.keepWeights(weights);
          }
        });
  }

  @Override
  public void held(long version) {
    tell(listener -> listener.onHeld(version));
  }

  @Override
  public void planned(int plan) {
    tell(listener -> listener.onPlanned(plan));
  }

  @Override
  public void event(RunEvent event) {
    tell(listener -> listener.onEvent(event));
  }

  /** Mean loss and accuracy of sums; NaN for the sums of no rows. */
  Score score(Sums sums) {
    return new Score(sums.loss / sums.weight, classification ? sums.correct / sums.weight : null);
  }

  /**
   * The rows of the last epoch, whole or begun, as they were trained on; null before the first
   * step.
   */
  Score train() {
    return sinceEpoch.weight > 0 ? score(sinceEpoch) : lastEpoch;
  }

  /** From the first step to the last step or validation. */
  double seconds() {
    return seconds(endNanos);
  }

  double samplesPerSecond() {
    return samples == 0 ? 0 : rate(endNanos);
  }

  private double rate(long now) {
    return samples / seconds(now);
  }

  private double seconds(long now) {
    return now * 1e-9;
  }
}
