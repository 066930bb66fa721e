package io.lockstep.data.formula;

import java.util.BitSet;
import java.util.List;

/**
 * A formula's predictors, multiplied out as R's {@code terms} does.
 *
 * @param variables of the terms: columns and calls, each once, in the order in which they first
 *     occur
 * @param removed those that a minus took out of all terms; as in R a row without them is left out
 * @param terms each the set of variables that it is the product of; main effects first, then by the
 *     number of variables
 * @param intercept whether there is a constant term
 * @param offsets the arguments of {@code offset}, each once
 */
record Terms(
    List<Expression> variables,
    List<Expression> removed,
    List<BitSet> terms,
    boolean intercept,
    List<Expression> offsets) {

  Terms {
    variables = List.copyOf(variables);
    removed = List.copyOf(removed);
    terms = List.copyOf(terms);
    offsets = List.copyOf(offsets);
  }

  /**
   * Whether a factor in a term needs a column for each of its levels, and not all but the first:
   * where without it there is no term before that holds the others of this term (R's {@code
   * TermCode}), or it is the first factor of a formula without intercept.
   *
   * @param factors which variables are factors
   */
  boolean full(int term, int variable, BitSet factors) {
    if (!intercept && isFirstFactor(term, variable, factors)) {
      return true;
    }
    BitSet others = (BitSet) terms.get(term).clone();
    others.clear(variable);
    if (others.isEmpty()) {
      return false;
    }
    return terms.subList(0, term).stream().noneMatch(before -> holds(before, others));
  }

  private static boolean holds(BitSet term, BitSet others) {
    return others.stream().allMatch(term::get);
  }

  private boolean isFirstFactor(int term, int variable, BitSet factors) {
    for (int t = 0; t <= term; t++) {
      BitSet inTerm = (BitSet) terms.get(t).clone();
      inTerm.and(factors);
      if (!inTerm.isEmpty()) {
        return t == term && inTerm.nextSetBit(0) == variable;
      }
    }
    return false;
  }
}
