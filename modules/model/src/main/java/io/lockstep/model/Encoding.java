package io.lockstep.model;

import io.lockstep.data.CodeColumn;
import io.lockstep.data.formula.TableEncoding;
import java.util.List;

/**
 * How a row of data becomes a network's input and its output a class: the content of {@code
 * encoding.json}. It travels with the weights, so that predictions need nothing else of the
 * training data.
 *
 * @param inputs columns of a row
 * @param outputs numbers that the network puts out
 * @param classNames names of the classes, in order; empty for regression
 * @param imageWidth pixels of a row of the image that a row of data is; 0 if it is none
 * @param imageHeight rows of the image; 0 if it is none
 * @param scale factor of each column
 * @param shift added to each column after scaling
 * @param table how a row of a table becomes the columns; null if the data are no table
 * @param offsets whether the rows of training had offsets, without which no row can be predicted
 * @param codes the columns that hold codes of levels, which embeddings read; ascending
 */
public record Encoding(
    int inputs,
    int outputs,
    List<String> classNames,
    int imageWidth,
    int imageHeight,
    float[] scale,
    float[] shift,
    TableEncoding table,
    boolean offsets,
    List<CodeColumn> codes) {

  /**
   * @throws IllegalArgumentException if the parts do not fit one another
   */
  public Encoding {
    classNames = classNames == null ? List.of() : List.copyOf(classNames);
    codes = codes == null ? List.of() : List.copyOf(codes);
    require(inputs >= 1, "inputs", "at least 1", inputs);
    require(outputs >= 1, "outputs", "at least 1", outputs);
    require(scale != null && scale.length == inputs, "scale", inputs + " numbers", length(scale));
    require(shift != null && shift.length == inputs, "shift", inputs + " numbers", length(shift));
    require(
        table == null || table.columns().size() == inputs,
        "table",
        inputs + " columns",
        table == null ? 0 : table.columns().size());
    require(
        classNames.isEmpty() || classNames.size() == outputs,
        "classNames",
        outputs + " names or none",
        classNames.size());
    codes.forEach(
        code ->
            require(
                code.column() >= 0 && code.column() < inputs,
                "codes",
                "columns from 0 to " + (inputs - 1),
                code.column()));
  }

  private static int length(float[] array) {
    return array == null ? 0 : array.length;
  }

  private static void require(boolean holds, String what, String expected, int found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: expected %s but found %d".formatted(what, expected, found));
    }
  }
}
