package io.lockstep.training;

import java.util.ArrayDeque;

/**
 * Does what a {@link Replica} does, by the same rules, but never waits: each call of {@link #go} is
 * one small part of it, such as one part of a pass, and between two of them anything may happen.
 * For whoever has many replicas and no thread for each.
 *
 * <p>Used by one thread at a time.
 */
public final class SteppedReplica {

  /** What it is at. */
  private enum State {
    NEW,
    AWAITING_STEP,
    TRAINING,
    SUBSTITUTING,
    AWAITING_END,
    AWAITING_VERSION,
    EVALUATING,
    AWAITING_EVALUATION,
    LEFT
  }

  private final Job job;
  private final NodeExchange exchange;
  private final int slot;
  private final SteppedPasses passes;
  private final SteppedSubstitution substitution;
  private final SteppedEvaluation evaluation;
  private State state = State.NEW;

  /** What goes on when nothing is left to be substituted; null where it was at its own step. */
  private State afterSubstitution;

  private boolean left;
  private long step;
  private Plan plan;
  private final ArrayDeque<Substitution.Work> own = new ArrayDeque<>();
  private final ArrayDeque<SteppedEvaluation.Of> lastEvaluations = new ArrayDeque<>();

  /** Null while nothing is computed. */
  private SteppedPass pass;

  /**
   * @param slot number of this replica on its node
   * @param passes made for this replica
   */
  public SteppedReplica(Job job, NodeExchange exchange, int slot, SteppedPasses passes) {
    this.job = job;
    this.exchange = exchange;
    this.slot = slot;
    this.passes = passes;
    this.substitution = new SteppedSubstitution(job, exchange, slot, passes);
    this.evaluation = new SteppedEvaluation(job, exchange, slot, passes);
  }

  /** Takes part in the steps from now on, as {@link Replica#run}. */
  public void run() {
    awaitStep(0);
  }

  /** Whether it has left the steps, as {@link Replica#run} ends then. */
  public boolean hasLeft() {
    return left;
  }

  /** As {@link Replica#evaluate(Evaluation, long, Plan)}, once it has left the steps. */
  public void evaluate(Evaluation of, long version, Plan under) {
    lastEvaluations.add(new SteppedEvaluation.Of(of, version, under));
  }

  /** Whether there is something to {@link #go} on with. */
  public boolean isReady() {
    return switch (state) {
      case NEW -> false;
      case AWAITING_STEP -> isDisturbed() || exchange.hasBegun(step);
      case TRAINING -> pass == null || pass.isReady() || isDisturbed();
      case SUBSTITUTING -> !substitution.waits() || isDisturbed();
      case AWAITING_END -> isDisturbed() || exchange.hasAll(step);
      case AWAITING_VERSION -> isDisturbed() || exchange.hasAll(evaluation.version());
      case EVALUATING -> evaluation.isReady();
      case AWAITING_EVALUATION -> isDisturbed() || evaluation.isComplete();
      case LEFT -> !lastEvaluations.isEmpty();
    };
  }

  private boolean isDisturbed() {
    return exchange.stopped() || exchange.isCalled(slot);
  }

  /** Does the next thing, if it {@link #isReady}. */
  public void go() {
    switch (state) {
      case NEW -> {}
      case AWAITING_STEP -> stepOrCall();
      case TRAINING -> trainOne();
      case SUBSTITUTING -> substitute();
      case AWAITING_END -> endOrCall();
      case AWAITING_VERSION -> versionOrCall();
      case EVALUATING -> evaluate();
      case AWAITING_EVALUATION -> evaluationOrCall();
      case LEFT -> beginEvaluation(lastEvaluations.poll());
    }
  }

  // The steps.

  private void awaitStep(long from) {
    step = from;
    state = State.AWAITING_STEP;
  }

  private void stepOrCall() {
    if (exchange.stopped()) {
      leave();
    } else if (exchange.hasBegun(step)) {
      takePart(exchange.awaitStep(slot, step));
    } else {
      answer(step - 1);
    }
  }

  private void leave() {
    pass = null;
    own.clear();
    left = true;
    state = State.LEFT;
  }

  private void takePart(long begun) {
    step = begun;
    plan = exchange.plan(step);
    if (plan == null || plan.positionOf(exchange.node()) < 0) {
      stepDone();
    } else if (step == job.epochs().steps()) {
      state = State.AWAITING_END; // Another's part of the last step may be left open.
    } else {
      evaluateThenTrain();
    }
  }

  private void endOrCall() {
    if (exchange.hasAll(step)) {
      evaluateThenTrain();
    } else {
      leaveOrAnswer(step - 1);
    }
  }

  private void evaluateThenTrain() {
    if (step > 0 && job.epochs().endsEpoch(step - 1)) {
      beginEvaluation(new SteppedEvaluation.Of(Evaluation.VALIDATION, step, plan));
    } else {
      beginStep();
    }
  }

  private void beginStep() {
    if (step == job.epochs().steps()) {
      leave();
      return;
    }
    own.addAll(OwnWork.of(job, plan, exchange.node(), slot, step));
    state = State.TRAINING;
  }

  private void stepDone() {
    if (step < job.epochs().steps()) {
      awaitStep(step + 1);
    } else {
      leave();
    }
  }

  /** Own nodes of the step, and then what others have left open. */
  private void trainOne() {
    if (pass != null) {
      goOnWithPass();
    } else if (own.isEmpty()) {
      substitution.ownPartDone(step);
      substitute(step, null);
    } else {
      Substitution.Work work = own.peek();
      pass = passes.train(step, work.node(), job.leavesOf(step), work.topLevel());
    }
  }

  private void goOnWithPass() {
    if (!pass.isReady()) {
      pass =
          null; // The weights that are missing might never come; of a gradient there is none yet.
      leaveOrAnswer(step - 1);
    } else if (pass.go()) {
      pass = null;
      own.remove();
    }
  }

  // Calls.

  private void leaveOrAnswer(long of) {
    if (exchange.stopped()) {
      leave();
    } else {
      answer(of);
    }
  }

  /** Does what others left open of a step, then goes on with what it is at. */
  private void answer(long of) {
    exchange.answer(slot);
    if (of >= 0) {
      substitute(of, state);
    }
  }

  private void substitute(long of, State then) {
    substitution.begin(of);
    afterSubstitution = then;
    state = State.SUBSTITUTING;
  }

  private void substitute() {
    if (exchange.stopped() && substitution.waits()) {
      substitution.abandon();
      leave();
    } else if (substitution.go()) {
      endSubstitution();
    }
  }

  private void endSubstitution() {
    if (afterSubstitution == null) {
      stepDone();
    } else {
      state = afterSubstitution;
    }
  }

  // Evaluations.

  private void beginEvaluation(SteppedEvaluation.Of of) {
    if (evaluation.begin(of)) {
      state = State.AWAITING_VERSION;
    } else {
      evaluated();
    }
  }

  private void versionOrCall() {
    if (exchange.hasAll(evaluation.version())) {
      evaluation.takeOwnPart();
      state = State.EVALUATING;
    } else {
      leaveOrAnswer(evaluation.version() - 1);
    }
  }

  private void evaluate() {
    if (evaluation.go()) {
      state = State.AWAITING_EVALUATION;
    }
  }

  private void evaluationOrCall() {
    if (evaluation.isComplete()) {
      evaluated();
    } else if (exchange.stopped()) {
      leave();
    } else {
      exchange.answer(slot);
      state = State.EVALUATING;
    }
  }

  private void evaluated() {
    if (left) {
      state = State.LEFT;
    } else {
      beginStep();
    }
  }
}
