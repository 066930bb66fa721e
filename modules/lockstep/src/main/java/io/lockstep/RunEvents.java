package io.lockstep;

import io.lockstep.cluster.RunObserver;
import io.lockstep.model.Metrics;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.checkpoint.Progress;
import io.lockstep.model.checkpoint.Progress.Totals;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Sums;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.RunEvent;
import io.lockstep.training.StepTimes;
import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.RunTrace;
import java.util.ArrayList;
import java.util.List;
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
  private final OutputFamily family;
  private final boolean validates;
  private final EarlyStopping stopping;
  private final Sums sinceRegular = new Sums();
  private final Sums sinceDisplay = new Sums();
  private final Sums sinceEpoch = new Sums();
  private long regularNanos;
  private long displayNanos;
  private double samples;
  private final EpochSpeed epochSpeed = new EpochSpeed();
  private final StepJoin join;
  private Score lastEpoch;
  private EpochReport openEpoch;
  private long committed;
  private long endNanos;
  private double secondsBefore;
  private Validations validations = Validations.NONE;
  private volatile long firstHold = -1;
  private final List<RunEvent> happened = new ArrayList<>();

  RunEvents(Job job, int reportEvery) {
    this.epochs = job.epochs();
    this.schedule = job.schedule();
    this.reportEvery = reportEvery;
    this.join = new StepJoin(reportEvery);
    this.family = job.network().family();
    this.validates = !job.data().validation().isEmpty();
    this.stopping = job.stopping();
  }

  /** Goes on where a run was when it was at version {@code step}; before it begins. */
  void resume(long step, Progress progress) {
    samples = progress.samples();
    secondsBefore = progress.seconds();
    add(sinceRegular, progress.sinceReport());
    add(sinceEpoch, progress.sinceEpoch());
    lastEpoch = progress.lastEpoch();
    validations = validations(progress);
    if (progress.epochIsOpen()) {
      openEpoch = epochReport(step - 1, 0);
    }
    synchronized (happened) {
      progress.events().stream()
          .map(e -> new RunEvent(RunEvent.What.of(e.what()), e.step(), e.node(), e.detail()))
          .filter(event -> event.what() != RunEvent.What.STOPPED) // That is told again.
          .forEach(happened::add);
    }
  }

  /** The validations that a checkpoint knows of. */
  static Validations validations(Progress progress) {
    Progress.Validations known = progress.validations();
    return known == null
        ? Validations.NONE
        : new Validations(
            known.version(),
            known.bestVersion(),
            known.bestLoss(),
            known.improvedLoss(),
            known.epochsSince());
  }

  private static void add(Sums sums, Totals totals) {
    sums.weight = totals.weight();
    sums.loss = totals.loss();
    sums.correct = totals.correct();
  }

  /** Has the run stand still at {@code version}, if it has not begun. */
  void holdFirst(long version) {
    firstHold = version;
  }

  @Override
  public long firstHold() {
    return firstHold;
  }

  /** All that happened, from the run's beginning. */
  List<RunEvent> happened() {
    synchronized (happened) {
      return List.copyOf(happened);
    }
  }

  /** Waits for the next report; empty when the run is over, which bounds the wait. */
  Optional<Consumer<TrainingListener>> take() throws InterruptedException {
    return queue.take();
  }

  /** Ends the queue: the run is over. */
  void end() {
    join.rest(committed).forEach(this::tellTimes);
    queue.add(Optional.empty());
  }

  /** What is still to be told after the end, since listeners were told of what came before. */
  Optional<Consumer<TrainingListener>> rest() {
    return Optional.ofNullable(queue.poll()).flatMap(report -> report);
  }

  private void tell(Consumer<TrainingListener> report) {
    queue.add(Optional.of(report));
  }

  @Override
  public void stepCommitted(long step, Sums sums, long now) {
    committed = step + 1;
    endNanos = now;
    samples += sums.weight;
    epochSpeed.add(sums.weight);
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
    epochSpeed.end();
    EpochReport report = epochReport(step, now);
    if (validates) {
      openEpoch = report;
    } else {
      tellEpoch(report, null, now);
    }
  }

  private void tellEpoch(EpochReport ended, Score validation, long now) {
    double ofEpoch = epochSpeed.report(now);
    EpochReport report =
        new EpochReport(
            ended.epoch(),
            ended.epochs(),
            ended.step(),
            ended.train(),
            validation,
            ended.learningRate(),
            seconds(now),
            Double.isNaN(ofEpoch) ? rate(now) : ofEpoch,
            ended.whole());
    tell(listener -> listener.onEpoch(report));
  }

  private EpochReport epochReport(long step, long now) {
    return new EpochReport(
        epochs.epochOf(step) + 1,
        epochs.epochs(),
        step + 1,
        lastEpoch,
        null,
        schedule.rate(step),
        seconds(now),
        rate(now),
        epochs.sampler().stepInEpoch(step + 1) == 0);
  }

  @Override
  public void times(int node, List<StepTimes.Sample> samples) {
    join.add(node, samples).forEach(this::tellTimes);
  }

  private void tellTimes(StepJoin.Joined of) {
    int epoch = epochs.epochOf(of.step() - 1) + 1;
    Metrics.Times times = new Metrics.Times(of.step(), epoch, of.steps(), of.parts(), seconds());
    tellOfState(listener -> listener.times(times));
  }

  @Override
  public void traced(RunTrace trace) {
    tellOfState(listener -> listener.traced(trace));
  }

  @Override
  public void checkpointing(long version) {
    Progress progress =
        new Progress(
            0,
            seconds(endNanos),
            samples,
            totals(sinceRegular),
            totals(sinceEpoch),
            lastEpoch,
            openEpoch != null,
            toKeep(validations),
            null,
            happened().stream()
                .map(e -> new RunSummary.Event(e.what().word(), e.step(), e.node(), e.detail()))
                .toList());
    tellOfState(listener -> listener.checkpointing(version, progress));
  }

  private static Progress.Validations toKeep(Validations known) {
    return known.equals(Validations.NONE)
        ? null
        : new Progress.Validations(
            known.version(),
            known.bestVersion(),
            known.bestLoss(),
            known.improvedLoss(),
            known.epochsSince());
  }

  private void tellOfState(Consumer<StateListener> report) {
    tell(
        listener -> {
          if (listener instanceof StateListener state) {
            report.accept(state);
          }
        });
  }

  private static Totals totals(Sums sums) {
    return new Totals(sums.weight, sums.loss, sums.correct);
  }

  @Override
  public void checkpoint(TrainingState state) {
    tellOfState(listener -> listener.checkpoint(state));
  }

  @Override
  public void checkpointFailed(long version, String why) {
    event(new RunEvent(RunEvent.What.UNSAVED, version, "", why));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums, long now) {
    if (evaluation == Evaluation.VALIDATION && version > 0 && epochs.endsEpoch(version - 1)) {
      Validations known = stopping.after(validations, version, sums.loss / sums.weight);
      validations = known;
      tellOfState(listener -> listener.validated(known));
    }
    if (evaluation == Evaluation.VALIDATION && openEpoch != null && openEpoch.step() == version) {
      EpochReport open = openEpoch;
      openEpoch = null;
      endNanos = now;
      tellEpoch(open, evaluation(sums), now);
    }
  }

  @Override
  public void trained(long version, float[] weights) {
    tellOfState(listener -> listener.trained(weights));
  }

  @Override
  public void held(long version) {
    tell(listener -> listener.onHeld(version));
  }

  @Override
  public void planned(int plan, List<String> nodes) {
    tell(listener -> listener.onPlanned(plan, nodes));
  }

  @Override
  public void event(RunEvent event) {
    synchronized (happened) {
      happened.add(event);
    }
    tell(listener -> listener.onEvent(event));
  }

  /** The validations of whole epochs, and of the last one. */
  Validations validations() {
    return validations;
  }

  /** That the run ended before its last step, since it had learned enough, if it did. */
  Optional<RunEvent> stoppedEarly() {
    return happened().stream().filter(e -> e.what() == RunEvent.What.STOPPED).findFirst();
  }

  private Score score(Sums sums) {
    return Scoring.ofSteps(family, sums);
  }

  /** What an evaluation came to. */
  Score evaluation(Sums sums) {
    return Scoring.ofEvaluation(family, sums);
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
    return secondsBefore + now * 1e-9;
  }
}
