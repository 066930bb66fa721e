package io.lockstep.nn.graph;

import static io.lockstep.kernels.Panels.WIDTH;

import io.lockstep.kernels.Panels;
import java.util.Arrays;

/** What a sum or a broadcast goes over. Each is the other's gradient. */
enum Axis {
  /** From [1][columns] to [rows][columns]. */
  ROWS {
    @Override
    void sum(Evaluation e, int rows, int columns, Place x, Place y) {
      e.kernels()
          .products()
          .sumRows(rows, rows, columns, x.array, x.at, y.array, y.at, e.scratch());
    }

    @Override
    void broadcast(int rows, int columns, Place x, Place y) {
      for (int panel = 0; panel < Panels.count(columns); panel++) {
        int to = y.at + panel * rows * WIDTH;
        for (int row = 0; row < rows; row++) {
          System.arraycopy(x.array, x.at + panel * WIDTH, y.array, to + row * WIDTH, WIDTH);
        }
      }
    }
  },
  /** From [rows][1] to [rows][columns]. */
  COLUMNS {
    @Override
    void sum(Evaluation e, int rows, int columns, Place x, Place y) {
      e.kernels().arithmetic().sumColumns(rows, columns, x.array, x.at, y.array, y.at);
    }

    @Override
    void broadcast(int rows, int columns, Place x, Place y) {
      for (int panel = 0; panel < Panels.count(columns); panel++) {
        int to = y.at + panel * rows * WIDTH;
        for (int at = 0; at < rows * WIDTH; at += WIDTH) {
          Arrays.fill(y.array, to + at, to + at + WIDTH, x.array[x.at + at]);
        }
      }
    }
  };

  /** y = Σ x over this axis; x is [rows][columns]. */
  abstract void sum(Evaluation e, int rows, int columns, Place x, Place y);

  /** Repeats x along this axis; y is [rows][columns]. */
  abstract void broadcast(int rows, int columns, Place x, Place y);
}
