package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import java.util.List;

/**
 * Whether numbers survive the rounding to float that training reads: large ones that lie close to
 * one another, such as seconds since 1970 of one minute, would become equal.
 */
final class SinglePrecision {

  /** Largest error of rounding, in standard deviations, that no fit shows. */
  private static final double MOST_ERROR = 1e-3;

  private final double[] first;
  private final double[] sum; // of differences to the first
  private final double[] sumOfSquares;
  private final double[] error;
  private int rows;

  private SinglePrecision(int columns) {
    first = new double[columns];
    sum = new double[columns];
    sumOfSquares = new double[columns];
    error = new double[columns];
  }

  /**
   * Refuses a column of the design matrix, an offset or a response whose numbers do not survive.
   *
   * @throws DataException naming it
   */
  static void require(EncodedTable encoded, boolean numericResponse) {
    List<String> names = encoded.encoding().columns();
    SinglePrecision seen = new SinglePrecision(names.size() + 2);
    double[] numbers = new double[names.size() + 2];
    for (int row = 0; row < encoded.rows(); row++) {
      encoded.inputs(row, row + 1, numbers);
      numbers[names.size()] = encoded.offset(row);
      numbers[names.size() + 1] = numericResponse ? encoded.response(row) : 0;
      seen.see(numbers);
    }
    for (int c = 0; c < numbers.length; c++) {
      seen.require(
          c,
          encoded.name(),
          c < names.size()
              ? "column " + names.get(c)
              : c == names.size() ? "the offset" : "the response");
    }
  }

  private void see(double[] numbers) {
    for (int c = 0; c < numbers.length; c++) {
      if (rows == 0) {
        first[c] = numbers[c];
      }
      double difference = numbers[c] - first[c];
      sum[c] += difference;
      sumOfSquares[c] += difference * difference;
      error[c] = Math.max(error[c], Math.abs(numbers[c] - (float) numbers[c]));
    }
    rows++;
  }

  private void require(int column, String table, String what) {
    double mean = sum[column] / rows;
    double deviation = Math.sqrt(Math.max(0, sumOfSquares[column] / rows - mean * mean));
    if (deviation > 0 && error[column] > MOST_ERROR * deviation) {
      throw new DataException(
          "%s: %s: training computes in single precision, which rounds numbers such as %s by up to %.2g, too much for their standard deviation of %.2g; take a number near their mean away, as I(x - 1000) does"
              .formatted(table, what, first[column], error[column], deviation));
    }
  }
}
