package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.StepSums;
import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a driver has told its observer of a run: each step and evaluation once and in order, however
 * often the run has gone on with another coordinator. Used by the driver's actor.
 */
final class RunProgress {

  private final RunObserver observer;
  private final EarlyStopping rule;
  private final long first;
  private final Map<Evaluation, Driver.Evaluated> newest = new EnumMap<>(Evaluation.class);
  private final Map<Evaluation, Set<Long>> told = new EnumMap<>(Evaluation.class);
  private final Set<Long> checkpoints = new HashSet<>();
  private final List<RunEvent> events = new ArrayList<>();
  private Validations validations;
  private long next;
  private boolean started;
  private long startNanos;
  private long offsetNanos;
  private long lastNanos;

  RunProgress(RunSpec spec, RunObserver observer) {
    this.observer = observer;
    this.rule = spec.shape().stopping();
    this.first = spec.shape().first();
    this.validations = spec.shape().validations();
    this.next = first;
  }

  /**
   * The first step begins, or the first after the run has gone on: times are told from then on.
   *
   * @return whether it is the run's first
   */
  boolean start() {
    if (started) {
      offsetNanos = Math.max(lastNanos, System.nanoTime() - startNanos);
      return false;
    }
    started = true;
    startNanos = System.nanoTime();
    observer.started();
    return true;
  }

  /** Whether the run's first step has begun. */
  boolean isStarted() {
    return started;
  }

  /** Steps that were told: the version that follows from them. */
  long next() {
    return next;
  }

  /** The validations that were told. */
  Validations validations() {
    return validations;
  }

  /** Steps were committed, from {@code from} on. */
  void steps(long from, List<StepSums> sums) {
    long step = from;
    for (StepSums of : sums) {
      tell(step++, of, offsetNanos + of.nanos());
    }
  }

  private void tell(long step, StepSums sums, long nanos) {
    lastNanos = Math.max(lastNanos, nanos);
    next = step + 1;
    observer.stepCommitted(step, sums.toSums(), nanos);
  }

  /** A step was done again that nobody has told of. */
  void again(long step, Sums sums) {
    long now = System.nanoTime() - startNanos;
    tell(step, new StepSums(sums.weight, sums.loss, sums.correct, now), Math.max(now, lastNanos));
  }

  /** An evaluation is complete; it may be for a second time. */
  void evaluated(Driver.Evaluated done) {
    Evaluation evaluation = done.evaluation();
    long version = done.version();
    newest.put(evaluation, done);
    if (!told.computeIfAbsent(evaluation, e -> new HashSet<>()).add(version)) {
      return;
    }
    StepSums sums = done.sums();
    if (evaluation == Evaluation.VALIDATION) {
      validations = rule.after(validations, version, sums.loss() / sums.weight());
    }
    long nanos = offsetNanos + sums.nanos();
    lastNanos = Math.max(lastNanos, nanos);
    observer.evaluated(evaluation, version, sums.toSums(), nanos);
  }

  /** Something has happened; that a run was stopped early may be told for a second time. */
  void event(RunEvent event) {
    if (event.what() == RunEvent.What.STOPPED && events.contains(event)) {
      return;
    }
    events.add(event);
    observer.event(event);
  }

  /** The state of a checkpoint is here. */
  void checkpoint(TrainingState state) {
    checkpoints.add(state.version());
    observer.checkpoint(state);
  }

  /**
   * Whether all is here of what came before {@code version}: the best weights, too, where they may
   * be the result.
   */
  boolean isComplete(long version) {
    long best = validations.bestVersion();
    return !rule.restoreBest() || best <= first || best == version || checkpoints.contains(best);
  }

  RunResult result(RunEnd end, float[] weights) {
    Map<Evaluation, Sums> sums = new EnumMap<>(Evaluation.class);
    newest.forEach(
        (evaluation, done) -> {
          if (done.version() == end.version()) {
            sums.put(evaluation, done.sums().toSums());
          }
        });
    Optional<RunResult.Divergence> divergence =
        end.divergedLayer() < 0
            ? Optional.empty()
            : Optional.of(new RunResult.Divergence(end.version(), end.divergedLayer()));
    return new RunResult(
        end.version(), weights, sums, end.nodes(), List.copyOf(events), divergence);
  }
}
