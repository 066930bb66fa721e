package io.lockstep.training;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Network;
import io.lockstep.nn.Pass;

/**
 * Fills the input and the targets of a pass with rows of a partition. Used by the thread of the
 * pass.
 */
final class RowLoader {

  private final Pass pass;
  private final Kernels kernels;
  private final Scaling scaling;
  private final boolean classification;
  private final int[] rows;

  RowLoader(Network network, Pass pass, Kernels kernels, Scaling scaling) {
    this.pass = pass;
    this.kernels = kernels;
    this.scaling = scaling;
    this.classification = network.family().classification();
    this.rows = new int[pass.maxRows()];
  }

  /** Where the caller writes the positions of the rows to load. */
  int[] positions() {
    return rows;
  }

  /** Loads the first {@code count} of {@link #positions}, which come back as row numbers. */
  void load(Partition partition, int count) {
    Dataset data = partition.data();
    partition.toRows(rows, 0, count);
    data.gather(kernels, scaling, rows, 0, count, pass.input(), pass.inputAt());
    if (classification) {
      data.gatherLabels(rows, 0, count, pass.labels(), 0);
    } else {
      data.gatherTargets(rows, 0, count, pass.targets(), 0);
    }
    pass.useOffsets(data.hasOffsets());
    if (data.hasOffsets()) {
      data.gatherOffsets(rows, 0, count, pass.offsets());
    }
    pass.useWeights(data.hasWeights());
    if (data.hasWeights()) {
      data.gatherWeights(rows, 0, count, pass.weights());
    }
  }

  /** Loads positions [first, first + count). */
  void loadRange(Partition partition, int first, int count) {
    for (int i = 0; i < count; i++) {
      rows[i] = first + i;
    }
    load(partition, count);
  }
}
