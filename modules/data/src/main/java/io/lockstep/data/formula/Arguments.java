package io.lockstep.data.formula;

import io.lockstep.data.formula.Expression.Argument;
import io.lockstep.data.formula.Expression.Call;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which argument of a call is which. Stateless. */
final class Arguments {

  private Arguments() {}

  /**
   * Matches as R does: those with a name first, then the others to the names that are left, in
   * their order. Names are not abbreviated.
   *
   * @param names that the function has; the first is needed
   * @return what was given, by name
   * @throws io.lockstep.data.DataException for an unknown name, one given twice, too many arguments
   *     or none, with its position
   */
  static Map<String, Expression> match(Formula formula, Call call, List<String> names) {
    if (call.arguments().size() > names.size()) {
      throw formula.problem(
          call.position(),
          "%s takes at most %d argument%s but has %d"
              .formatted(
                  call.function(),
                  names.size(),
                  names.size() == 1 ? "" : "s",
                  call.arguments().size()));
    }
    Map<String, Expression> matched = new LinkedHashMap<>();
    call.arguments().stream()
        .filter(argument -> argument.name() != null)
        .forEach(argument -> addNamed(formula, call, names, argument, matched));
    for (Argument argument : call.arguments()) {
      if (argument.name() == null) {
        String free = names.stream().filter(n -> !matched.containsKey(n)).findFirst().orElseThrow();
        matched.put(free, argument.value());
      }
    }
    if (!matched.containsKey(names.getFirst())) {
      throw formula.problem(
          call.position(), "%s needs its argument %s".formatted(call.function(), names.getFirst()));
    }
    return matched;
  }

  private static void addNamed(
      Formula formula,
      Call call,
      List<String> names,
      Argument argument,
      Map<String, Expression> matched) {
    if (!names.contains(argument.name())) {
      throw formula.problem(
          argument.value().position(),
          "%s has no argument '%s'; it has %s"
              .formatted(call.function(), argument.name(), String.join(", ", names)));
    }
    if (matched.putIfAbsent(argument.name(), argument.value()) != null) {
      throw formula.problem(
          argument.value().position(),
          "%s is given %s twice".formatted(call.function(), argument.name()));
    }
  }
}
