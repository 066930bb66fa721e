package io.lockstep.nn.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the values and gradients of a graph lie: those with the rows of the batch in columns, times
 * the most rows a position; the others in floats.
 *
 * <p>Values live through forward and backward. A gradient lives from the backward of its last
 * consumer to that of its producer; its place is then taken by another. Inputs, parameters and the
 * gradients of both are the caller's and have no place here.
 */
final class GraphMemory {

  static final int NOWHERE = -1;

  private final int[] valueAt;
  private final int[] gradientAt;
  private final Pool batch = new Pool();
  private final Pool fixed = new Pool();
  private int partColumns;
  private int partFloats;

  /** Places of one kind: where they are, how large, and whether they are taken. */
  private static final class Pool {
    private final List<int[]> free = new ArrayList<>();
    private final List<int[]> taken = new ArrayList<>();
    private int size;

    /** The smallest free place that is large enough, else a new one. */
    int take(int needed) {
      int[] best = null;
      for (int[] place : free) {
        if (place[1] >= needed && (best == null || place[1] < best[1])) {
          best = place;
        }
      }
      if (best == null) {
        best = new int[] {size, needed};
        size = Math.addExact(size, needed);
      } else {
        free.remove(best);
      }
      taken.add(best);
      return best[0];
    }

    void release(int at) {
      for (int[] place : taken) {
        if (place[0] == at) {
          taken.remove(place);
          free.add(place);
          return;
        }
      }
    }
  }

  GraphMemory(Composition composition) {
    this.valueAt = new int[composition.variables()];
    this.gradientAt = new int[composition.variables()];
    Arrays.fill(valueAt, NOWHERE);
    Arrays.fill(gradientAt, NOWHERE);
    composition.constants().forEach(constant -> placeValue(constant.variable()));
  }

  void placeValue(Variable variable) {
    valueAt[variable.id()] = pool(variable).take(size(variable));
  }

  /**
   * A place for a gradient where it has none yet, else room for a part that is added to it.
   *
   * @param first whether it has none yet
   */
  void placeGradient(Variable variable, boolean first) {
    if (!first && variable.size().isBatch()) {
      partColumns = Math.max(partColumns, size(variable));
    } else if (!first) {
      partFloats = Math.max(partFloats, size(variable));
    } else if (variable.primitive() != null) {
      gradientAt[variable.id()] = pool(variable).take(size(variable));
    }
  }

  void releaseGradient(Variable variable) {
    if (gradientAt[variable.id()] != NOWHERE) {
      pool(variable).release(gradientAt[variable.id()]);
    }
  }

  private Pool pool(Variable variable) {
    return variable.size().isBatch() ? batch : fixed;
  }

  private static int size(Variable variable) {
    int padded = variable.size().paddedColumns();
    return variable.size().isBatch() ? padded : Math.multiplyExact(variable.size().rows(), padded);
  }

  int valueAt(Variable variable) {
    return valueAt[variable.id()];
  }

  int gradientAt(Variable variable) {
    return gradientAt[variable.id()];
  }

  /** Columns of all that has the rows of the batch. */
  int batchColumns() {
    return batch.size;
  }

  /** Floats of all else. */
  int fixedFloats() {
    return fixed.size;
  }

  /** Columns of the widest part of a gradient that is added to another. */
  int partColumns() {
    return partColumns;
  }

  /** Floats of the largest such part without the rows of the batch. */
  int partFloats() {
    return partFloats;
  }
}
