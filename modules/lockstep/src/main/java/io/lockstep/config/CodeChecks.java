package io.lockstep.config;

import io.lockstep.data.DataException;
import io.lockstep.data.Dataset;
import io.lockstep.data.table.NumberText;
import io.lockstep.nn.Codes;
import java.util.List;

/** Whether the columns that embeddings read hold codes. Stateless. */
public final class CodeChecks {

  private CodeChecks() {}

  /**
   * Each row of the data.
   *
   * @param read the columns that embeddings read, see {@link Codes#ofInput}
   * @throws DataException for the first number that is no code, where that is an error, naming its
   *     row
   */
  public static void require(Dataset data, List<Codes> read) {
    for (Codes codes : read) {
      if (codes.others() != Codes.Others.FAIL) {
        continue; // Any number stands for something.
      }
      for (int row = 0; row < data.rows(); row++) {
        float value = data.feature(row, codes.column());
        if (codes.refuses(value)) {
          throw new DataException(
              "%s: column %d of the data: an embedding in network.layers expected %s but found %s"
                  .formatted(
                      data.rowPlace(row), codes.column(), codes.expected(), NumberText.of(value)));
        }
      }
    }
  }
}
