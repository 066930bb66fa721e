package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.NearestName;
import io.lockstep.data.formula.Expression.Call;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/** The functions that a formula may call. Stateless. */
final class Functions {

  /**
   * Of one number. The strict ones have the same bits on every machine, which those of {@link Math}
   * do not promise.
   */
  static final Map<String, DoubleUnaryOperator> OF_NUMBER =
      Map.of(
          "log", StrictMath::log,
          "log2", x -> StrictMath.log(x) / StrictMath.log(2),
          "log10", StrictMath::log10,
          "log1p", StrictMath::log1p,
          "exp", StrictMath::exp,
          "sqrt", StrictMath::sqrt,
          "abs", StrictMath::abs,
          "sin", StrictMath::sin,
          "cos", StrictMath::cos);

  /** What those ask of their number that are not for all numbers. */
  static final Map<String, String> DOMAINS =
      Map.of(
          "log", " (log is of numbers above 0)",
          "log2", " (log2 is of numbers above 0)",
          "log10", " (log10 is of numbers above 0)",
          "log1p", " (log1p is of numbers above -1)",
          "sqrt", " (sqrt is of numbers from 0 on)");

  /** What a term may be made of. */
  static final Set<String> PREDICTORS = predictors();

  private Functions() {}

  private static Set<String> predictors() {
    Set<String> names = new TreeSet<>(OF_NUMBER.keySet());
    names.addAll(Set.of("factor", "bs", "ns", "I", "offset"));
    return names;
  }

  static boolean isPredictor(String function) {
    return PREDICTORS.contains(function) && !function.equals("offset");
  }

  /** The refusal of a function that is none of the known ones. */
  static DataException unknown(Formula formula, Call call, Collection<String> known) {
    String near =
        NearestName.of(call.function(), known)
            .filter(name -> NearestName.distance(name, call.function()) <= 1)
            .map(name -> "; did you mean '" + name + "'?")
            .orElse("");
    return formula.problem(
        call.position(),
        "the function '%s' is not known here; known are %s%s"
            .formatted(call.function(), String.join(", ", new TreeSet<>(known)), near));
  }
}
