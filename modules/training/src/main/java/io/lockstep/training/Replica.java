package io.lockstep.training;

import io.lockstep.data.Partition;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Pass;
import io.lockstep.nn.Sums;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A worker's copy of the network: computes the micro-batches that the plan gives it and hands their
 * gradients to the exchange; evaluates its share of the validation and test rows.
 *
 * <p>Used by one thread. All memory is taken at construction and in the first steps; then a step
 * allocates nothing.
 */
public final class Replica {

  /**
   * Rows of one pass through the network, unless a single leaf has more: bounds a replica's memory.
   */
  static final int PASS_ROWS = 512;

  private final Job job;
  private final Exchange exchange;
  private final int worker;
  private final Plan plan;
  private final Pass pass;
  private final RowLoader loader;
  private final GradientSender sender;
  private final Assignment[] assignments;
  private final Assignment[] evaluations = new Assignment[Evaluation.values().length];
  private final Sums sums = new Sums();
  private final AtomicLong microBatchesComputed = new AtomicLong();

  /**
   * @param worker number of this worker in the plan
   */
  public Replica(
      Job job, Buckets buckets, Kernels kernels, Exchange exchange, Plan plan, int worker) {
    this.job = job;
    this.exchange = exchange;
    this.worker = worker;
    this.plan = plan;
    this.pass = new Pass(job.network(), kernels, passRows(job.microBatches(), job.mostRows()));
    this.loader = new RowLoader(job.network(), pass, kernels, job.data().scaling());
    this.sender = new GradientSender(exchange, buckets, worker);
    this.assignments = new Assignment[job.mostLeaves() + 1];
  }

  /** The most leaves of one pass through the network; a power of two. */
  public static int maxLeaves(MicroBatches cut) {
    return Integer.highestOneBit(Math.max(1, PASS_ROWS / cut.leafRows()));
  }

  /** The most rows of one pass through the network, for steps of at most {@code mostRows} rows. */
  public static int passRows(MicroBatches cut, int mostRows) {
    long training = Math.min((long) maxLeaves(cut) * cut.leafRows(), mostRows);
    return (int) Math.max(training, Evaluation.UNIT_ROWS);
  }

  /**
   * Takes part in all steps from {@code firstStep} on, with the validation after each epoch, until
   * the run ends or stops.
   */
  public void run(long firstStep) {
    for (long step = firstStep; step < job.epochs().steps() && !exchange.stopped(); step++) {
      if (!step(step)) {
        return;
      }
      if (job.epochs().endsEpoch(step) && !evaluate(Evaluation.VALIDATION, step + 1)) {
        return;
      }
    }
  }

  /**
   * Computes this worker's micro-batches of {@code step} and waits for the version that the step
   * leads to.
   *
   * @return false if the run stopped before
   */
  public boolean step(long step) {
    return train(step)
        && exchange.awaitWeights(worker, step + 1, 0, job.network().parameters().packedLength());
  }

  private boolean train(long step) {
    int stepRows = job.epochs().sampler().rowsOf(step);
    int leaves = job.microBatches().leaves(stepRows);
    List<Node> nodes = assignment(leaves).nodes(worker);
    try {
      for (int i = 0; i < nodes.size(); i++) {
        train(step, nodes.get(i), leaves, stepRows);
      }
      return true;
    } catch (StoppedException e) {
      return false;
    }
  }

  private Assignment assignment(int leaves) {
    if (assignments[leaves] == null) {
      assignments[leaves] = plan.assignment(leaves, maxLeaves(job.microBatches()));
    }
    return assignments[leaves];
  }

  private void train(long step, Node node, int leaves, int stepRows) {
    int leafRows = job.microBatches().leafRows();
    int firstRow = node.first() * leafRows;
    int count = (int) Math.min((long) node.end(leaves) * leafRows, stepRows) - firstRow;
    job.epochs().sampler().positions(step, firstRow, count, loader.positions());
    loader.load(job.data().train(), count);
    Partial partial = sender.begin(step, node, leaves);
    float[] theta = exchange.weights(step);
    pass.train(theta, count, leafRows, firstRow, step, job.seed(), partial.values(), sums, sender);
    microBatchesComputed.addAndGet(node.end(leaves) - node.first());
  }

  /**
   * Evaluates this worker's share of {@code evaluation} on {@code version} and waits until all
   * shares are in.
   *
   * @return false if the run stopped before
   */
  public boolean evaluate(Evaluation evaluation, long version) {
    int size = evaluation.rows(job).size();
    if (size == 0) {
      return true;
    }
    int units = evaluation.units(job);
    if (evaluations[evaluation.ordinal()] == null) {
      evaluations[evaluation.ordinal()] =
          plan.assignment(units, Math.max(1, pass.maxRows() / Evaluation.UNIT_ROWS));
    }
    for (Node node : evaluations[evaluation.ordinal()].nodes(worker)) {
      evaluate(evaluation, version, node, units);
    }
    return exchange.awaitEvaluation(evaluation, version);
  }

  private void evaluate(Evaluation evaluation, long version, Node node, int units) {
    Partition partition = evaluation.rows(job);
    int first = node.first() * Evaluation.UNIT_ROWS;
    int count = Math.min(node.end(units) * Evaluation.UNIT_ROWS, partition.size()) - first;
    loader.loadRange(partition, first, count);
    pass.evaluate(exchange.weights(version), count, Evaluation.UNIT_ROWS, sums);
    exchange.sendEvaluation(evaluation, version, node.level(), node.index(), units, sums);
  }

  /** Micro-batches computed so far; may be read by any thread. */
  public long microBatchesComputed() {
    return microBatchesComputed.get();
  }
}
