package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Binary;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Group;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.formula.Expression.Unary;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Multiplies a formula's predictors out. Used once, by one thread. */
final class TermExpansion {

  private static final int HIGHEST_POWER = 10;

  /** Products of terms, so that a short formula does not fill the memory. */
  private static final int MOST_PRODUCTS = 10_000;

  /** Terms that are multiplied with terms, many of which may be the same. */
  private static final long MOST_PAIRS = 100L * MOST_PRODUCTS;

  private final Formula formula;
  private final List<String> dot;
  private final Map<String, Integer> indexOf = new LinkedHashMap<>();
  private final List<Expression> variables = new ArrayList<>();
  private final Map<String, Expression> offsets = new LinkedHashMap<>();
  private int offsetCalls;
  private boolean intercept = true;

  private TermExpansion(Formula formula, List<String> dot) {
    this.formula = formula;
    this.dot = dot;
  }

  /**
   * The terms of a formula.
   *
   * @param dot the columns that {@code .} stands for
   * @throws DataException for what has no meaning as a term, with its position
   */
  static Terms of(Formula formula, List<String> dot) {
    return new TermExpansion(formula, dot).run();
  }

  private Terms run() {
    Set<BitSet> terms = sum(formula.predictors(), true);
    List<BitSet> byDegree = new ArrayList<>(terms);
    byDegree.sort(Comparator.comparingInt(BitSet::cardinality)); // stable
    return withoutRemoved(byDegree);
  }

  /** Puts the variables aside that a minus took out of all terms. */
  private Terms withoutRemoved(List<BitSet> terms) {
    BitSet used = new BitSet();
    terms.forEach(used::or);
    List<Expression> kept = new ArrayList<>();
    List<Expression> removed = new ArrayList<>();
    int[] indexes = new int[variables.size()];
    for (int v = 0; v < variables.size(); v++) {
      indexes[v] = kept.size();
      (used.get(v) ? kept : removed).add(variables.get(v));
    }
    List<BitSet> renumbered = new ArrayList<>();
    for (BitSet term : terms) {
      BitSet of = new BitSet();
      term.stream().forEach(v -> of.set(indexes[v]));
      renumbered.add(of);
    }
    return new Terms(kept, removed, renumbered, intercept, List.copyOf(offsets.values()));
  }

  /**
   * What may stand between plus and minus.
   *
   * @param added false behind a minus, where {@code 1} takes the intercept away
   */
  private Set<BitSet> sum(Expression expression, boolean added) {
    return switch (expression) {
      case Expression.Number number -> {
        setIntercept(number, added);
        yield new LinkedHashSet<>();
      }
      case Group group -> sum(group.inner(), added);
      case Unary unary when unary.sign() == '+' -> sum(unary.operand(), added);
      case Unary unary -> {
        sum(unary.operand(), !added);
        yield new LinkedHashSet<>();
      }
      case Binary binary when binary.sign() == '+' -> {
        Set<BitSet> terms = sum(binary.left(), added);
        terms.addAll(sum(binary.right(), added));
        yield terms;
      }
      case Binary binary when binary.sign() == '-' -> {
        Set<BitSet> terms = sum(binary.left(), added);
        terms.removeAll(sum(binary.right(), !added));
        yield terms;
      }
      case Call call when call.function().equals("offset") -> {
        addOffset(call, added);
        yield new LinkedHashSet<>();
      }
      default -> product(expression);
    };
  }

  private void addOffset(Call call, boolean added) {
    if (!added) {
      throw formula.problem(
          call.position(), "an offset cannot be taken away; leave %s out".formatted(call));
    }
    Expression argument = onlyArgument(call);
    offsets.putIfAbsent(argument.toString(), argument);
    offsetCalls++;
  }

  private void setIntercept(Expression.Number number, boolean added) {
    if (number.value() != 0 && number.value() != 1) {
      throw formula.problem(
          number.position(),
          "the number %s is no predictor; 1 and 0 stand for the intercept".formatted(number));
    }
    intercept = (number.value() == 1) == added;
  }

  private Expression onlyArgument(Call call) {
    if (call.arguments().size() != 1 || call.arguments().getFirst().name() != null) {
      throw formula.problem(call.position(), "%s takes one argument".formatted(call.function()));
    }
    return call.arguments().getFirst().value();
  }

  private Set<BitSet> product(Expression expression) {
    return switch (expression) {
      case Binary binary when binary.sign() == ':' ->
          crossed(product(binary.left()), product(binary.right()), binary);
      case Binary binary when binary.sign() == '*' -> {
        Set<BitSet> left = product(binary.left());
        Set<BitSet> right = product(binary.right());
        Set<BitSet> all = new LinkedHashSet<>(left);
        all.addAll(right);
        all.addAll(crossed(left, right, binary));
        requireFew(all.size() <= MOST_PRODUCTS, binary);
        yield all;
      }
      case Binary binary when binary.sign() == '^' -> power(binary);
      case Binary binary when binary.sign() == '/' ->
          throw formula.problem(
              binary.position(),
              "'/' is not known between predictors; write a + a:b, or I(a/b) for a quotient");
      case Group group -> grouped(group);
      case Name name when name.name().equals(".") -> dotTerms();
      case Name name -> single(name);
      case Call call when Functions.isPredictor(call.function()) -> single(call);
      case Call call -> throw unknown(call);
      case Expression other ->
          throw formula.problem(other.position(), "%s is no predictor".formatted(described(other)));
    };
  }

  private Set<BitSet> grouped(Group group) {
    boolean before = intercept;
    int offsetsBefore = offsetCalls;
    Set<BitSet> terms = sum(group.inner(), true);
    if (intercept != before || offsetCalls != offsetsBefore) {
      throw formula.problem(
          group.position(), "an intercept or an offset cannot be part of an interaction");
    }
    return terms;
  }

  private static String described(Expression other) {
    return switch (other) {
      case Expression.Number number -> "the number " + number;
      case Expression.Text text -> "the text " + text;
      default -> "'" + other + "'";
    };
  }

  private DataException unknown(Call call) {
    if (call.function().equals("offset")) {
      return formula.problem(call.position(), "an offset cannot be part of an interaction");
    }
    return Functions.unknown(formula, call, Functions.PREDICTORS);
  }

  private Set<BitSet> power(Binary binary) {
    if (!(binary.right() instanceof Expression.Number exponent)
        || exponent.value() != Math.rint(exponent.value())
        || exponent.value() < 1
        || exponent.value() > HIGHEST_POWER) {
      throw formula.problem(
          binary.right().position(),
          "expected a whole number from 1 to %d behind '^', or I(...) around a power, but found '%s'"
              .formatted(HIGHEST_POWER, binary.right()));
    }
    Set<BitSet> base = product(binary.left());
    Set<BitSet> terms = base;
    for (int i = 1; i < exponent.value(); i++) {
      Set<BitSet> next = new LinkedHashSet<>(terms);
      next.addAll(crossed(terms, base, binary));
      requireFew(next.size() <= MOST_PRODUCTS, binary);
      terms = next;
    }
    return terms;
  }

  private void requireFew(boolean few, Binary sign) {
    if (!few) {
      throw formula.problem(
          sign.position(),
          "'%s' makes too many terms, expected at most %d".formatted(sign.sign(), MOST_PRODUCTS));
    }
  }

  private Set<BitSet> crossed(Set<BitSet> left, Set<BitSet> right, Binary sign) {
    requireFew((long) left.size() * right.size() <= MOST_PAIRS, sign);
    Set<BitSet> terms = new LinkedHashSet<>();
    for (BitSet l : left) {
      for (BitSet r : right) {
        BitSet both = (BitSet) l.clone();
        both.or(r);
        terms.add(both);
        requireFew(terms.size() <= MOST_PRODUCTS, sign);
      }
    }
    return terms;
  }

  private Set<BitSet> dotTerms() {
    Set<BitSet> terms = new LinkedHashSet<>();
    for (String column : dot) {
      terms.addAll(single(new Name(column, 0)));
    }
    return terms;
  }

  private Set<BitSet> single(Expression variable) {
    String label = variable.toString();
    if (formula.response() != null && label.equals(formula.response().toString())) {
      throw formula.problem(
          variable.position(), "the response %s cannot be a predictor".formatted(label));
    }
    Integer index = indexOf.get(label);
    if (index == null) {
      index = variables.size();
      indexOf.put(label, index);
      variables.add(variable);
    }
    BitSet term = new BitSet();
    term.set(index);
    Set<BitSet> terms = new LinkedHashSet<>();
    terms.add(term);
    return terms;
  }
}
