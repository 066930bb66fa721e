package io.lockstep.training;

import io.lockstep.data.Partition;
import io.lockstep.nn.Sums;
import io.lockstep.training.Workplaces.Workplace;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A worker's copy of the network: computes the micro-batches that the plan gives it and hands their
 * gradients to the exchange; evaluates its share of the validation and test rows.
 *
 * <p>Used by one thread. It computes in a place of its node's {@link Workplaces}. All memory is
 * taken at construction and in the first steps; then a step allocates nothing.
 */
public final class Replica {

  /**
   * Rows of one pass through the network, unless a single leaf has more: bounds a replica's memory.
   */
  static final int PASS_ROWS = 512;

  private final Workplaces workplaces;
  private final Job job;
  private final NodeExchange exchange;
  private final int slot;
  private final Slowdown slowdown;
  private final GradientSender sender;
  private final WorkerClock clock;
  private final Supplier<float[]> gradient;
  private Plan lastPlan;
  private int lastLeaves;
  private Assignment lastAssignment;

  /** The newest step of which this worker did its own part. */
  private long ownStep = -1;

  private final AtomicLong microBatchesComputed = new AtomicLong();

  /**
   * @param workplaces those of its node
   * @param slot number of this worker on its node
   * @param slowdown of its node
   */
  public Replica(Workplaces workplaces, NodeExchange exchange, int slot, Slowdown slowdown) {
    this.workplaces = workplaces;
    this.job = workplaces.job();
    this.exchange = exchange;
    this.slot = slot;
    this.slowdown = slowdown;
    this.sender = new GradientSender(exchange, workplaces.buckets(), workplaces.partials(), slot);
    this.clock = new WorkerClock(exchange.times());
    this.gradient = sender::takeGradient;
    workplaces.join();
  }

  /** The most leaves of one pass through the network; a power of two. */
  public static int maxLeaves(MicroBatches cut) {
    return Integer.highestOneBit(Math.max(1, PASS_ROWS / cut.leafRows()));
  }

  /** The most rows of one pass through the network. */
  public static int passRows(Job job) {
    return passRows(job.microBatches(), job.maxLeaves(), job.mostRows());
  }

  /** The most rows of one pass over {@code maxLeaves} leaves, in steps of {@code mostRows} rows. */
  public static int passRows(MicroBatches cut, int maxLeaves, int mostRows) {
    long training = (long) maxLeaves * cut.leafRows();
    return (int) Math.max(Math.min(training, mostRows), Evaluation.UNIT_ROWS);
  }

  /**
   * Takes part in the steps as plans say, with the validation after each epoch, until the run ends
   * or stops.
   */
  public void run() {
    long steps = job.epochs().steps();
    long step = awaitStep(0);
    while (step >= 0 && takePart(step) && step < steps) {
      step = awaitStep(step + 1);
    }
  }

  /** Waits for a step; while another node's part of the one before is open, does that first. */
  private long awaitStep(long from) {
    long since = tracer().begin(from);
    long step = exchange.awaitStep(slot, from);
    tracer().waited(TraceKind.WAIT_STEP, from, since);
    while (step == NodeExchange.CALLED) {
      if (!answer(from - 1)) {
        return NodeExchange.STOPPED;
      }
      step = exchange.awaitStep(slot, from);
    }
    return step;
  }

  /**
   * Validates the version {@code step} where an epoch ends, and computes this worker's
   * micro-batches of the step. If the step has been superseded, it was computed without this
   * worker.
   *
   * @return false if the run stopped
   */
  public boolean takePart(long step) {
    Plan plan = exchange.plan(step);
    int position = plan == null ? -1 : plan.positionOf(exchange.node());
    if (position < 0) {
      clock.interrupt();
      return true;
    }
    boolean last = step == job.epochs().steps();
    if (last && !awaitVersion(step)) { // Another's part of the last step may be left open.
      return false;
    }
    if (step > 0
        && job.epochs().endsEpoch(step - 1)
        && !evaluate(Evaluation.VALIDATION, step, plan)) {
      return false;
    }
    return last || train(step, plan, position);
  }

  /**
   * Takes part in {@code step} as soon as it begins, and waits for the version that it leads to.
   *
   * @return false if the run stopped before
   */
  public boolean step(long step) {
    return awaitStep(step) >= 0
        && takePart(step)
        && exchange.awaitWeights(slot, step + 1, 0, packedLength());
  }

  private boolean train(long step, Plan plan, int position) {
    try {
      while (!trainOwn(step, plan, position)) {
        if (!answer(step - 1)) { // Else the weights that are missing might never come.
          return false;
        }
      }
      substitute(step);
      return true;
    } catch (StoppedException e) {
      return false;
    }
  }

  /**
   * Computes this worker's own nodes of {@code step}.
   *
   * @return false if it was called away before, since weights were missing
   */
  private boolean trainOwn(long step, Plan plan, int position) {
    long since = tracer().begin(step);
    int leaves = job.leavesOf(step);
    Assignment assignment = assignment(plan, leaves);
    List<Node> nodes = assignment.nodes(plan.firstWorker(position) + slot);
    int from = assignment.firstUnit(position);
    int to = assignment.endUnit(position);
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      int top = Node.topLevel(node.level(), node.index(), leaves, from, to);
      if (!train(step, node, leaves, top)) {
        return false;
      }
    }
    ownStep = step;
    clock.stepDone(step, plan.workers());
    tracer().end(TraceKind.STEP, step, since, 0);
    return true;
  }

  /**
   * Does what lost nodes have left open of {@code step}, after a call.
   *
   * @return false if the run stopped
   */
  private boolean answer(long step) {
    clock.interrupt();
    exchange.answer(slot);
    try {
      if (step >= 0) {
        substitute(step);
      }
      return true;
    } catch (StoppedException e) {
      return false;
    }
  }

  /**
   * Does what lost nodes have left open of {@code step}, and before that, since its weights wait
   * for it, of the step before: a step begins when its first weights are there. A further call has
   * it begin anew.
   */
  private void substitute(long step) {
    while (!substituteIn(step - 1) || !substituteIn(step)) {
      exchange.answer(slot);
    }
  }

  /** Returns false if it was called away before all was done. */
  private boolean substituteIn(long step) {
    if (step < 0) {
      return true;
    }
    if (step > ownStep && !makeUp(step)) {
      return false;
    }
    if (!exchange.mayClaim(step)) {
      return true;
    }
    int leaves = job.leavesOf(step);
    Substitution.Work work = exchange.claim(step, leaves, job.maxLeaves());
    while (work != null) {
      if (!train(step, work.node(), leaves, work.topLevel())) {
        exchange.giveBack(step, work);
        return false;
      }
      work = exchange.claim(step, leaves, job.maxLeaves());
    }
    return true;
  }

  /**
   * Does this worker's own part of a step that was superseded before it came to it: whoever did it
   * instead may have been lost before all of it had arrived.
   *
   * @return false if it was called away before
   */
  private boolean makeUp(long step) {
    Plan plan = exchange.openPart(step);
    return plan == null || trainOwn(step, plan, plan.positionOf(exchange.node()));
  }

  private Assignment assignment(Plan plan, int leaves) {
    if (plan != lastPlan || leaves != lastLeaves) {
      lastAssignment = plan.assignment(leaves, job.maxLeaves());
      lastPlan = plan;
      lastLeaves = leaves;
    }
    return lastAssignment;
  }

  /** Computes a node of {@code step}; returns false if it was called away before. */
  private boolean train(long step, Node node, int leaves, int topLevel) {
    if (workplaces.areShared() && !awaitAllWeights(step)) {
      return false;
    }
    long since = System.nanoTime();
    Workplace place = takePlace(step);
    clock.awaitedCore(System.nanoTime() - since);
    try {
      return train(place, step, node, leaves, topLevel);
    } finally {
      workplaces.giveBack(place);
    }
  }

  private Workplace takePlace(long step) {
    long since = tracer().begin(step);
    Workplace place = workplaces.take(slot);
    tracer().waited(TraceKind.WAIT_PLACE, step, since);
    return place;
  }

  /** So that nobody waits in a place that another needs; returns false if it was called away. */
  private boolean awaitAllWeights(long step) {
    long since = tracer().begin(step);
    boolean here = exchange.awaitWeights(slot, step, 0, packedLength(), true);
    tracer().waited(TraceKind.WAIT_WEIGHTS, step, since);
    if (!here && exchange.stopped()) {
      throw StoppedException.INSTANCE;
    }
    return here;
  }

  private boolean train(Workplace place, long step, Node node, int leaves, int topLevel) {
    int stepRows = job.epochs().sampler().rowsOf(step);
    int leafRows = job.microBatches().leafRows();
    int firstRow = node.first() * leafRows;
    int count = (int) Math.min((long) node.end(leaves) * leafRows, stepRows) - firstRow;
    long since = System.nanoTime();
    long noted = tracer().begin(step);
    RowLoader loader = place.loader();
    job.epochs().sampler().positions(step, firstRow, count, loader.positions());
    loader.load(job.data().train(), count);
    tracer().end(TraceKind.ROWS, step, noted, 0, node.level(), node.index());
    sender.begin(step, node, leaves, topLevel);
    float[] theta = exchange.weights(step);
    Sums sums = place.sums();
    try {
      place
          .pass()
          .train(theta, count, leafRows, firstRow, step, job.seed(), gradient, sums, sender);
    } catch (CalledAwayException e) {
      return false;
    }
    tracer().end(TraceKind.PASS, step, noted, 0, node.level(), node.index());
    long elsewhere = sender.waitNanos() + sender.giveNanos();
    computed(node.end(leaves) - node.first(), System.nanoTime() - since - elsewhere);
    return true;
  }

  /** Where replicas share places, each computes only for its share of the time. */
  private void computed(int leaves, long nanos) {
    long slowed = nanos + slowdown.await(nanos);
    exchange.pace().computed(leaves, (long) (slowed * workplaces.replicasPerPlace()));
    clock.worked(slowed, sender.giveNanos());
    microBatchesComputed.addAndGet(leaves);
  }

  /**
   * Evaluates this worker's share of {@code evaluation} on {@code version} under the newest plan,
   * and waits until all shares are in.
   *
   * @return false if the run stopped before
   */
  public boolean evaluate(Evaluation evaluation, long version) {
    return evaluate(evaluation, version, exchange.newestPlan());
  }

  /** As {@link #evaluate(Evaluation, long)}, under {@code plan}. */
  public boolean evaluate(Evaluation evaluation, long version, Plan plan) {
    if (evaluation.rows(job).size() == 0) {
      return true;
    }
    clock.interrupt();
    int position = plan.positionOf(exchange.node());
    if (position < 0) {
      return true;
    }
    if (!awaitVersion(version)) {
      return false;
    }
    int units = evaluation.units(job);
    int most = Math.max(1, workplaces.maxRows() / Evaluation.UNIT_ROWS);
    List<Node> nodes = plan.assignment(units, most).nodes(plan.firstWorker(position) + slot);
    for (int i = 0; i < nodes.size(); i++) {
      evaluate(evaluation, version, nodes.get(i), units);
    }
    substitute(evaluation, version, plan, units, most);
    while (!awaitEvaluation(evaluation, version)) {
      if (exchange.stopped() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      exchange.answer(slot);
      substitute(evaluation, version, plan, units, most);
    }
    return true;
  }

  private boolean awaitEvaluation(Evaluation evaluation, long version) {
    long since = tracer().begin(version);
    boolean evaluated = exchange.awaitEvaluation(slot, evaluation, version);
    tracer().waited(TraceKind.WAIT_EVALUATION, version, since);
    return evaluated;
  }

  /**
   * Waits for all weights of {@code version}, and does meanwhile what others left open before it.
   *
   * @return false if the run stopped before
   */
  private boolean awaitVersion(long version) {
    long since = tracer().begin(version);
    while (!exchange.awaitWeights(slot, version, 0, packedLength(), true)) {
      if (exchange.stopped() || !answer(version - 1)) {
        return false;
      }
    }
    tracer().waited(TraceKind.WAIT_WEIGHTS, version, since);
    return true;
  }

  private Tracer tracer() {
    return exchange.tracer();
  }

  private int packedLength() {
    return job.network().parameters().packedLength();
  }

  private void substitute(Evaluation evaluation, long version, Plan plan, int units, int most) {
    Substitution.Work work = exchange.claim(evaluation, version, plan, units, most);
    while (work != null) {
      evaluate(evaluation, version, work.node(), units);
      work = exchange.claim(evaluation, version, plan, units, most);
    }
  }

  private void evaluate(Evaluation evaluation, long version, Node node, int units) {
    Workplace place = takePlace(version);
    try {
      evaluate(place, evaluation, version, node, units);
    } finally {
      workplaces.giveBack(place);
    }
  }

  private void evaluate(
      Workplace place, Evaluation evaluation, long version, Node node, int units) {
    Partition partition = evaluation.rows(job);
    int first = node.first() * Evaluation.UNIT_ROWS;
    int count = Math.min(node.end(units) * Evaluation.UNIT_ROWS, partition.size()) - first;
    long noted = tracer().begin(version);
    long since = System.nanoTime();
    place.loader().loadRange(partition, first, count);
    Sums sums = place.sums();
    place.pass().evaluate(exchange.weights(version), count, Evaluation.UNIT_ROWS, sums);
    slowdown.await(System.nanoTime() - since);
    exchange.sendEvaluation(evaluation, version, node, units, sums);
    tracer().end(TraceKind.EVALUATE, version, noted, 0, node.level(), node.index());
  }

  /** Micro-batches computed so far; may be read by any thread. */
  public long microBatchesComputed() {
    return microBatchesComputed.get();
  }
}
