package io.lockstep.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A column of the features that holds codes of a factor's levels, whole numbers from 0 on, for an
 * embedding. Codes are no amounts: they are never scaled.
 *
 * @param name of the factor's column in its file
 * @param column of the features
 * @param rows [levels], how many of the rows learned from have each level; a level that only rows
 *     for validation have, or none with a response, has 0
 */
public record CodeColumn(String name, int column, List<Integer> rows) {

  /** The code of what is none of the levels. */
  public static final int NO_LEVEL = -1;

  private static final int MOST_LEVELS = 1 << 24;

  /** Keeps a copy. */
  public CodeColumn {
    rows = List.copyOf(rows);
  }

  /**
   * Counts the levels.
   *
   * @param learned the rows learned from
   * @throws DataException if there are so many that floats cannot tell their codes apart
   */
  public static CodeColumn count(String name, int column, int levels, Partition learned) {
    if (levels > MOST_LEVELS) {
      throw new DataException(
          "data.table.embeddings: %s: expected at most %d levels but found %d"
              .formatted(name, MOST_LEVELS, levels));
    }
    int[] rows = new int[levels];
    for (int p = 0; p < learned.size(); p++) {
      rows[(int) learned.data().feature(learned.row(p), column)]++;
    }
    return new CodeColumn(name, column, IntStream.of(rows).boxed().toList());
  }
}
