package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.NearestName;
import io.lockstep.data.table.ColumnType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which factors of a formula can be embedded: those with a main effect alone. Stateless. */
final class EmbeddedFactors {

  private static final String KEY = "data.table.embeddings: ";

  private EmbeddedFactors() {}

  /**
   * Refuses what cannot be embedded.
   *
   * @param types of the table's columns
   * @param embedded names of columns
   * @throws DataException for a column that the formula does not have as a factor, or that it has
   *     in an interaction
   */
  static void require(
      Formula formula, Terms terms, Map<String, ColumnType> types, List<String> embedded) {
    for (String column : embedded) {
      BitSet variables = new BitSet();
      for (int v = 0; v < terms.variables().size(); v++) {
        Expression variable = terms.variables().get(v);
        variables.set(
            v, Design.factorColumn(formula, variable, types).filter(column::equals).isPresent());
      }
      if (variables.isEmpty()) {
        throw noFactor(formula, terms, types, column);
      }
      terms.terms().forEach(term -> requireMainEffect(formula, terms, term, variables));
    }
  }

  private static DataException noFactor(
      Formula formula, Terms terms, Map<String, ColumnType> types, String column) {
    if (types.containsKey(column) && types.get(column) != ColumnType.TEXT) {
      return new DataException(
          KEY
              + "expected a factor of formula '%s' but found the column of numbers %s; wrap it in factor(%s)"
                  .formatted(formula, column, column));
    }
    List<String> factors = new ArrayList<>();
    terms.variables().forEach(v -> Design.factorColumn(formula, v, types).ifPresent(factors::add));
    String hint =
        NearestName.of(column, factors)
            .map(near -> "did you mean '" + near + "'?")
            .orElse(
                factors.isEmpty()
                    ? "there is no factor"
                    : "its factors are " + String.join(", ", factors));
    return new DataException(
        KEY + "formula '%s' has no factor '%s'; %s".formatted(formula, column, hint));
  }

  private static void requireMainEffect(
      Formula formula, Terms terms, BitSet term, BitSet variables) {
    if (term.cardinality() == 1 || !term.intersects(variables)) {
      return;
    }
    Expression embedded =
        terms.variables().get(term.stream().filter(variables::get).findFirst().orElseThrow());
    throw formula.problem(
        embedded.position(),
        "%s is embedded (data.table.embeddings) and cannot be in the interaction %s; leave that to a hidden layer"
            .formatted(
                embedded,
                term.stream()
                    .mapToObj(v -> terms.variables().get(v).toString())
                    .collect(Collectors.joining(":"))));
  }
}
