package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Does what a {@link Replica} does, by the same rules, but never waits: each call of {@link #go} is
 * one small part of it, such as one bucket of a pass, and between two of them anything may happen.
 */
final class ModelWorker extends Schedule.Source {

  /** What it is at. */
  private enum State {
    STARTING,
    AWAITING_STEP,
    TRAINING,
    SUBSTITUTING,
    AWAITING_END,
    AWAITING_VERSION,
    EVALUATING,
    AWAITING_EVALUATION,
    LEFT
  }

  /** Units of one pass. */
  private static final int MOST_UNITS = 1;

  private record Evaluate(Evaluation evaluation, long version, Plan plan) {}

  private final ModelJob model;
  private final Job job;
  private final Buckets buckets;
  private final SimulatedNode owner;
  private final NodeExchange exchange;
  private final int slot;
  private final GradientSender sender;
  private final Sums sums = new Sums();
  private State state = State.STARTING;
  private Runnable afterSubstitution;
  private long substituted;
  private Substitution.Work claimed;
  private boolean warm;
  private boolean left;
  private long step;
  private Plan plan;
  private final ArrayDeque<Node> own = new ArrayDeque<>();
  private final ArrayDeque<Node> madeUp = new ArrayDeque<>();
  private Plan madeUpPlan;
  private long ownStep = -1;
  private final ArrayDeque<Node> units = new ArrayDeque<>();
  private final ArrayDeque<Long> stepsToSubstitute = new ArrayDeque<>();
  private final ArrayDeque<Evaluate> lastEvaluations = new ArrayDeque<>();
  private Evaluate evaluate;
  private ModelPass pass;

  ModelWorker(
      ModelJob model, Buckets buckets, SimulatedNode owner, NodeExchange exchange, int slot) {
    this.model = model;
    this.job = model.job;
    this.buckets = buckets;
    this.owner = owner;
    this.exchange = exchange;
    this.slot = slot;
    PartialPool partials = new PartialPool(buckets.parameters(), buckets.count());
    this.sender = new GradientSender(exchange, buckets, partials, slot);
  }

  /** After the steps: evaluates a version. */
  void evaluate(Evaluation evaluation, long version, Plan of) {
    lastEvaluations.add(new Evaluate(evaluation, version, of));
  }

  void train() {
    awaitStep(0);
  }

  @Override
  boolean isReady() {
    return switch (state) {
      case STARTING -> !warm;
      case AWAITING_STEP -> isCalledOrStopped() || exchange.hasBegun(step);
      case TRAINING, SUBSTITUTING ->
          pass == null || exchange.stopped() || pass.isReady() || mayBeCalledAway();
      case AWAITING_END -> isCalledOrStopped() || has(step);
      case AWAITING_VERSION -> isCalledOrStopped() || has(evaluate.version());
      case EVALUATING -> true;
      case AWAITING_EVALUATION ->
          isCalledOrStopped() || exchange.isEvaluated(evaluate.evaluation(), evaluate.version());
      case LEFT -> !lastEvaluations.isEmpty();
    };
  }

  private boolean isCalledOrStopped() {
    return exchange.stopped() || exchange.isCalled(slot);
  }

  private boolean mayBeCalledAway() {
    return exchange.isCalled(slot);
  }

  private boolean has(long version) {
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      if (exchange.wants(bucket, version)) {
        return false;
      }
    }
    return true;
  }

  @Override
  void go() {
    switch (state) {
      case STARTING -> {
        warm = true;
        owner.workerReady();
      }
      case AWAITING_STEP -> stepOrCall();
      case TRAINING -> trainOne();
      case SUBSTITUTING -> substitute();
      case AWAITING_END -> endOrCall();
      case AWAITING_VERSION -> versionOrCall();
      case EVALUATING -> evaluateOne();
      case AWAITING_EVALUATION -> evaluationOrCall();
      case LEFT -> beginEvaluation(lastEvaluations.poll());
    }
  }

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
    madeUp.clear();
    stepsToSubstitute.clear();
    state = State.LEFT;
    if (!left) {
      left = true;
      owner.workerLeft();
    }
  }

  private void takePart(long begun) {
    step = begun;
    plan = exchange.plan(step);
    if (plan == null || plan.positionOf(exchange.node()) < 0) {
      stepDone();
    } else if (step == job.epochs().steps()) {
      state = State.AWAITING_END;
    } else {
      evaluateThenTrain();
    }
  }

  private void endOrCall() {
    if (has(step)) {
      evaluateThenTrain();
    } else if (exchange.stopped()) {
      leave();
    } else {
      answer(step - 1);
    }
  }

  private void evaluateThenTrain() {
    if (step > 0 && job.epochs().endsEpoch(step - 1)) {
      beginEvaluation(new Evaluate(Evaluation.VALIDATION, step, plan));
    } else {
      beginStep();
    }
  }

  private void stepDone() {
    if (step < job.epochs().steps()) {
      awaitStep(step + 1);
    } else {
      leave();
    }
  }

  private void beginStep() {
    if (step == job.epochs().steps()) {
      leave();
      return;
    }
    own.addAll(nodes(plan, step));
    state = State.TRAINING;
  }

  /** Its own part of a step. */
  private List<Node> nodes(Plan plan, long of) {
    Assignment assignment = plan.assignment(model.leaves(of), job.maxLeaves());
    return assignment.nodes(plan.firstWorker(plan.positionOf(exchange.node())) + slot);
  }

  /** Own nodes of the step, and then what others have left open. */
  private void trainOne() {
    if (pass != null) {
      goOnWithPass();
    } else if (own.isEmpty()) {
      ownStep = step;
      substitute(step, this::stepDone);
    } else {
      pass = pass(plan, step, own.peek());
    }
  }

  /** Over a node of its own part. */
  private ModelPass pass(Plan plan, long of, Node node) {
    int leaves = model.leaves(of);
    int position = plan.positionOf(exchange.node());
    Assignment assignment = plan.assignment(leaves, job.maxLeaves());
    int from = assignment.firstUnit(position);
    int to = assignment.endUnit(position);
    int top = Node.topLevel(node.level(), node.index(), leaves, from, to);
    return new ModelPass(model, exchange, buckets, sender, of, node, top);
  }

  private void goOnWithPass() {
    if (pass.isReady()) {
      if (pass.go()) {
        pass = null;
        own.poll();
      }
    } else if (exchange.stopped()) {
      leave();
    } else {
      sender.abandon();
      pass = null;
      answer(step - 1);
    }
  }

  /** Does what others left open of a step, then goes on with what it is at. */
  private void answer(long of) {
    exchange.answer(slot);
    owner.tell(() -> "worker " + slot + " was called away from step " + step);
    if (of >= 0) {
      State before = state;
      substitute(of, () -> state = before);
    }
  }

  private void substitute(long of, Runnable then) {
    substituted = of;
    beginSubstitution();
    afterSubstitution = then;
    state = State.SUBSTITUTING;
  }

  private void beginSubstitution() {
    stepsToSubstitute.clear();
    if (substituted > 0) {
      stepsToSubstitute.add(substituted - 1);
    }
    stepsToSubstitute.add(substituted);
  }

  private void substitute() {
    if (pass != null) {
      goOnWithSubstitution();
      return;
    }
    long of = stepsToSubstitute.peek();
    if (makesUp(of)) {
      return;
    }
    int leaves = model.leaves(of);
    Substitution.Work work =
        exchange.mayClaim(of) ? exchange.claim(of, leaves, job.maxLeaves()) : null;
    if (work != null) {
      owner.tell(() -> "worker " + slot + " substitutes in step " + of + ": " + work);
      claimed = work;
      pass = new ModelPass(model, exchange, buckets, sender, of, work.node(), work.topLevel());
      return;
    }
    stepsToSubstitute.poll();
    if (stepsToSubstitute.isEmpty()) {
      afterSubstitution.run();
    }
  }

  /** Its own part of a step that was superseded before it came to it. */
  private boolean makesUp(long of) {
    Plan open = exchange.openPart(of);
    if (of > ownStep && open != null) {
      madeUp.addAll(nodes(open, of));
      owner.tell(() -> "worker " + slot + " makes up for step " + of + ": " + madeUp);
      ownStep = of;
      madeUpPlan = open;
    }
    if (madeUp.isEmpty()) {
      return false;
    }
    claimed = null;
    pass = pass(madeUpPlan, of, madeUp.poll());
    return true;
  }

  /** A further call has it begin anew. */
  private void goOnWithSubstitution() {
    if (pass.isReady()) {
      if (pass.go()) {
        pass = null;
      }
    } else if (exchange.stopped()) {
      leave();
    } else {
      sender.abandon();
      pass = null;
      if (claimed == null) {
        madeUp.clear();
        ownStep = stepsToSubstitute.peek() - 1;
      } else {
        exchange.giveBack(stepsToSubstitute.peek(), claimed);
      }
      exchange.answer(slot);
      beginSubstitution();
    }
  }

  private void beginEvaluation(Evaluate of) {
    evaluate = of;
    units.clear();
    if (of.evaluation().rows(job).size() == 0 || of.plan().positionOf(exchange.node()) < 0) {
      evaluated();
    } else {
      state = State.AWAITING_VERSION;
    }
  }

  private void versionOrCall() {
    if (has(evaluate.version())) {
      int count = evaluate.evaluation().units(job);
      int worker = evaluate.plan().firstWorker(evaluate.plan().positionOf(exchange.node())) + slot;
      units.addAll(evaluate.plan().assignment(count, MOST_UNITS).nodes(worker));
      state = State.EVALUATING;
    } else if (exchange.stopped()) {
      leave();
    } else {
      answer(evaluate.version() - 1);
    }
  }

  /** A unit of its own, or else one that others have left open. */
  private void evaluateOne() {
    int count = evaluate.evaluation().units(job);
    Node node = units.poll();
    if (node == null) {
      Substitution.Work work =
          exchange.claim(
              evaluate.evaluation(), evaluate.version(), evaluate.plan(), count, MOST_UNITS);
      node = work == null ? null : work.node();
    }
    if (node == null) {
      state = State.AWAITING_EVALUATION;
      return;
    }
    float[] theta = exchange.weights(evaluate.version());
    double forward = 0;
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      forward = ModelJob.forward(forward, theta, buckets.from(bucket), buckets.to(bucket));
    }
    ModelJob.sums(forward, evaluate.version(), node, count, sums);
    exchange.sendEvaluation(evaluate.evaluation(), evaluate.version(), node, count, sums);
  }

  private void evaluationOrCall() {
    if (exchange.isEvaluated(evaluate.evaluation(), evaluate.version())) {
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
