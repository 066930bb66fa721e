package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each matrix of a graph lies in the arena of a pass, in columns: times the pass's most rows,
 * that is a position.
 *
 * <p>Outputs live through the whole step. A gradient lives from the backward of its value's last
 * consumer to that of its producer; its place is then taken by another, so that few are in the
 * cache.
 */
final class MemoryPlan {

  private static final int NOWHERE = -1;

  private final int[] valueAt;
  private final int[] savedAt;
  private final int[] gradientAt;
  private final int[][] inputGradientAt;
  private final boolean[][] adds;
  private int columns;

  /** Places for gradients: where they are, how large, and whether they are taken. */
  private final List<Place> places = new ArrayList<>();

  private static final class Place {
    final int at;
    final int columns;
    boolean taken = true;

    Place(int at, int columns) {
      this.at = at;
      this.columns = columns;
    }
  }

  MemoryPlan(Value input, List<Operation> operations) {
    int values = operations.size() + 1;
    this.valueAt = new int[values];
    this.savedAt = new int[operations.size()];
    this.gradientAt = new int[values];
    this.inputGradientAt = new int[operations.size()][];
    this.adds = new boolean[operations.size()][];
    Arrays.fill(gradientAt, NOWHERE);
    placeValues(input, operations);
    placeGradients(operations);
  }

  private void placeValues(Value input, List<Operation> operations) {
    valueAt[input.id()] = grow(Panels.paddedColumns(input.width()));
    for (Operation operation : operations) {
      valueAt[operation.output().id()] = grow(Panels.paddedColumns(operation.output().width()));
      savedAt[index(operation)] = grow(operation.savedColumns());
    }
  }

  private void placeGradients(List<Operation> operations) {
    Value last = operations.getLast().output();
    gradientAt[last.id()] = take(last);
    for (Operation operation : operations.reversed()) {
      placeInputGradients(operation);
    }
  }

  private void placeInputGradients(Operation operation) {
    List<Value> inputs = operation.inputs();
    int own = gradientAt[operation.output().id()];
    int[] at = new int[inputs.size()];
    boolean[] added = new boolean[inputs.size()];
    boolean passedOn = false;
    for (int k = 0; k < at.length; k++) {
      Value input = inputs.get(k);
      if (!input.needsGradient()) {
        at[k] = NOWHERE;
      } else if (gradientAt[input.id()] != NOWHERE) {
        at[k] = take(input);
        added[k] = true;
      } else {
        passedOn = operation.gradientInPlace();
        at[k] = passedOn ? own : take(input);
        gradientAt[input.id()] = at[k];
      }
    }
    for (int k = 0; k < at.length; k++) {
      if (added[k]) {
        release(at[k]);
      }
    }
    if (!passedOn) {
      release(own);
    }
    inputGradientAt[index(operation)] = at;
    adds[index(operation)] = added;
  }

  /** The smallest free place that is large enough, else a new one. */
  private int take(Value value) {
    int needed = Panels.paddedColumns(value.width());
    Place best = null;
    for (Place place : places) {
      if (!place.taken
          && place.columns >= needed
          && (best == null || place.columns < best.columns)) {
        best = place;
      }
    }
    if (best == null) {
      best = new Place(grow(needed), needed);
      places.add(best);
    }
    best.taken = true;
    return best.at;
  }

  private void release(int at) {
    for (Place place : places) {
      if (place.at == at) {
        place.taken = false;
      }
    }
  }

  private int grow(int by) {
    int at = columns;
    columns = Math.addExact(columns, by);
    return at;
  }

  /** Number of an operation in the graph. */
  static int index(Operation operation) {
    return operation.output().id() - 1;
  }

  /** Columns of all matrices together. */
  int columns() {
    return columns;
  }

  int valueAt(Value value) {
    return valueAt[value.id()];
  }

  int savedAt(Operation operation) {
    return savedAt[index(operation)];
  }

  int gradientAt(Value value) {
    return gradientAt[value.id()];
  }

  /** Where {@code operation} writes the gradient of its input {@code k}. */
  int inputGradientAt(Operation operation, int k) {
    return inputGradientAt[index(operation)][k];
  }

  /** Whether that gradient is then added to what a later consumer of the same value has left. */
  boolean adds(Operation operation, int k) {
    return adds[index(operation)][k];
  }
}
