package io.lockstep.training;

import io.lockstep.data.Partition;
import io.lockstep.data.Sampler;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.nn.Pass;
import io.lockstep.nn.PassListener;
import io.lockstep.nn.Sums;
import java.util.Arrays;

/**
 * Passes as a replica makes them, over the rows that steps of the job see, but for nobody: to find
 * out what they cost. Nothing is learned of them, so θ stays as it is.
 *
 * <p>Used by one thread. All memory is taken at construction.
 */
public final class TrialPass {

  private final Job job;
  private final Theta theta;
  private final Pass pass;
  private final RowLoader loader;
  private final Sums sums = new Sums();
  private final float[] gradient;
  private final int[] piece;
  private final Kernels kernels;
  private final Updates.Range range = new Updates.Range();
  private final double[] totals;

  /**
   * @param theta weights of two versions, which steps read by turns; may be shared
   */
  public TrialPass(Job job, Kernels kernels, Theta theta) {
    this.job = job;
    this.kernels = kernels;
    this.theta = theta;
    int training = mostLeaves(job) * job.microBatches().leafRows();
    this.pass = new Pass(job.network(), kernels, Math.max(training, Replica.passRows(job)));
    this.loader = new RowLoader(job.network(), pass, kernels, job.data().scaling());
    this.gradient = new float[job.network().parameters().packedLength()];
    this.piece = new int[Math.min(job.mostRows(), pass.maxRows())];
    this.totals = new double[job.optimizer().totals()];
    Arrays.fill(totals, 1);
    range.gradient = gradient;
    range.length = gradient.length;
    range.scale = 1;
    range.states(new float[job.optimizer().stateArrays()][gradient.length]);
  }

  /** Initial weights, as two versions. */
  public static Theta initialWeights(Job job) {
    float[] initial = job.network().initialWeights(job.seed());
    Theta theta = new Theta(0, initial.length);
    theta.copy(initial, 0, theta.array(0), 0, initial.length);
    theta.copy(initial, 0, theta.array(1), 0, initial.length);
    return theta;
  }

  /**
   * The most leaves of a trial, a power of two: of a pass in steps that are large enough, if there
   * are rows for so many.
   */
  public static int mostLeaves(Job job) {
    int whole = Math.max(1, job.data().train().size() / job.microBatches().leafRows());
    return Math.min(Replica.maxLeaves(job.microBatches()), Integer.highestOneBit(whole));
  }

  /**
   * Loads the rows of so many leaves and makes a pass over them. Where a step has fewer, those of
   * the steps after it follow.
   *
   * @param leaves at most {@link #mostLeaves}
   * @param step from 0
   * @param listener told of progress by the pass
   */
  public void train(int leaves, long step, PassListener listener) {
    int leafRows = job.microBatches().leafRows();
    int rows = Math.min(leaves * leafRows, job.data().train().size());
    load(rows, step);
    pass.train(theta.array(step), rows, leafRows, 0, step, job.seed(), gradient, sums, listener);
  }

  /**
   * What comes between two passes in a run: all weights of the next version are written, from those
   * of {@code step}, gradients and state. So the pass after it finds in the caches what it would
   * find there in a run. The learning rate is 0: the weights stay as they are.
   */
  public void update(long step) {
    range.theta = theta.array(step);
    range.next = theta.array(step + 1);
    job.optimizer().apply(kernels, range, step, 0, totals);
  }

  private void load(int rows, long firstStep) {
    Sampler sampler = job.epochs().sampler();
    long step = firstStep;
    for (int loaded = 0; loaded < rows; step++) {
      int count = Math.min(rows - loaded, sampler.rowsOf(step));
      sampler.positions(step, 0, count, piece);
      System.arraycopy(piece, 0, loader.positions(), loaded, count);
      loaded += count;
    }
    loader.load(job.data().train(), rows);
  }

  /**
   * Evaluates the first rows that there are for it, or else of those for training: as many units as
   * one pass takes.
   *
   * @return how many units, of which the last may be short, by rows
   */
  public double evaluate() {
    Partition validation = job.data().validation();
    Partition rows = validation.isEmpty() ? job.data().train() : validation;
    int most = pass.maxRows() / Evaluation.UNIT_ROWS * Evaluation.UNIT_ROWS;
    int count = Math.min(most, rows.size());
    loader.loadRange(rows, 0, count);
    pass.evaluate(theta.array(0), count, Evaluation.UNIT_ROWS, sums);
    return count / (double) Evaluation.UNIT_ROWS;
  }
}
