package io.lockstep.data;

import io.lockstep.kernels.CounterRandom.Purpose;

/**
 * Which training rows a step sees: a function of (seed, step) alone, so that any worker gets the
 * rows of any micro-batch without asking anyone.
 *
 * <p>An epoch is a permutation of all positions, another one in each epoch, cut into batches; the
 * last batch of an epoch is short when {@code batch} does not divide the rows. Immutable and
 * thread-safe; allocates nothing after construction.
 */
public final class Sampler {

  private final Permutation permutation;
  private final int batch;
  private final int stepsPerEpoch;

  /**
   * A sampler of positions [0, rows).
   *
   * @param rows training rows, at least 1
   * @param batch rows of a step, over all workers, at least 1; a batch larger than {@code rows}
   *     makes one step an epoch
   */
  public Sampler(long seed, int rows, int batch) {
    if (rows < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "expected at least one row and a batch of at least 1, but found %d rows and a batch of %d"
              .formatted(rows, batch));
    }
    this.permutation = new Permutation(seed, Purpose.SHUFFLE, rows);
    this.batch = batch;
    this.stepsPerEpoch = (int) (((long) rows + batch - 1) / batch);
  }

  /** Rows of an epoch. */
  public int rows() {
    return permutation.size();
  }

  /** Rows of a step, unless it is the last of an epoch. */
  public int batch() {
    return batch;
  }

  /** Steps after which each row has been seen once more, the short last batch included. */
  public int stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** The epoch, counted from 0, that {@code step}, counted from 0, belongs to. */
  public long epochOf(long step) {
    return step / stepsPerEpoch;
  }

  /** The place of {@code step} in its epoch, from 0. */
  public int stepInEpoch(long step) {
    return (int) (step % stepsPerEpoch);
  }

  /** Rows of {@code step}: the batch, or what is left of the epoch. */
  public int rowsOf(long step) {
    return (int) Math.min(batch, rows() - (long) stepInEpoch(step) * batch);
  }

  /**
   * out[i] = position of row {@code firstRow + i} of the step, for i in [0, count).
   *
   * @param firstRow within the step, from 0
   * @param count {@code firstRow + count} is at most {@link #rowsOf}
   * @param out its first {@code count} elements are overwritten
   */
  public void positions(long step, int firstRow, int count, int[] out) {
    if (firstRow < 0 || count < 0 || (long) firstRow + count > rowsOf(step)) {
      throw new IllegalArgumentException(
          "rows [%d, %d) of step %d: it has %d rows"
              .formatted(firstRow, (long) firstRow + count, step, rowsOf(step)));
    }
    long epoch = epochOf(step);
    int first = stepInEpoch(step) * batch + firstRow;
    for (int i = 0; i < count; i++) {
      out[i] = permutation.at(epoch, first + i);
    }
  }
}
