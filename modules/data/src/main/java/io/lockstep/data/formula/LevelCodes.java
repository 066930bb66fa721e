package io.lockstep.data.formula;

import io.lockstep.data.CodeColumn;
import io.lockstep.data.table.Table;
import java.util.List;

/**
 * A factor that is one column of its levels' codes, for an embedding: its first level is 0; what is
 * none of its levels is {@link CodeColumn#NO_LEVEL} where it is no error. Immutable.
 */
record LevelCodes(FactorVariable factor) implements Variable {

  @Override
  public String label() {
    return factor.label();
  }

  @Override
  public List<String> names(boolean full) {
    return List.of(label());
  }

  @Override
  public Values over(Table table) {
    FactorVariable.Codes codes = factor.codesOver(table);
    return (row, full, out) -> out[0] = codes.of(row);
  }
}
