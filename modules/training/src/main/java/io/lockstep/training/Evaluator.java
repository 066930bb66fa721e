package io.lockstep.training;

import io.lockstep.data.Partition;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Network;
import io.lockstep.nn.Pass;
import io.lockstep.nn.Sums;

/** Evaluates weights on one thread, with the same bits as the workers of a run together. */
public final class Evaluator {

  private Evaluator() {}

  /**
   * The sums over all rows of {@code partition}, without dropout.
   *
   * @param theta packed weights
   */
  public static Sums evaluate(
      Network network, Kernels kernels, Partition partition, Scaling scaling, float[] theta) {
    int units = Math.ceilDiv(partition.size(), Evaluation.UNIT_ROWS);
    int maxUnits = Replica.PASS_ROWS / Evaluation.UNIT_ROWS;
    Pass pass = new Pass(network, kernels, maxUnits * Evaluation.UNIT_ROWS);
    RowLoader loader = new RowLoader(network, pass, kernels, scaling);
    SumsTree tree = new SumsTree(Math.max(1, units));
    Sums sums = new Sums();
    Sums root = new Sums();
    for (Node node : Node.cover(0, units, units, maxUnits)) {
      int first = node.first() * Evaluation.UNIT_ROWS;
      int count = Math.min(node.end(units) * Evaluation.UNIT_ROWS, partition.size()) - first;
      loader.loadRange(partition, first, count);
      pass.evaluate(theta, count, Evaluation.UNIT_ROWS, sums);
      tree.accept(node.level(), node.index(), units, sums, root);
    }
    return root;
  }
}
