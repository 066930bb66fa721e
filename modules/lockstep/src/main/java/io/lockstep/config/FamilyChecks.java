package io.lockstep.config;

import io.lockstep.data.Dataset;
import io.lockstep.nn.OutputFamily;

/** Whether a family can have what the data hold. */
final class FamilyChecks {

  private static final String KEY = "network.output.family";

  private FamilyChecks() {}

  /** Classes or values; and an offset would be lost on classes. */
  static void requireKind(Configuration configuration, Dataset data, OutputFamily family) {
    if (family.classification() != data.classes() > 0) {
      String fitting =
          data.classes() > 0
              ? "categorical or one-hot-squared-error (as %s has classes)"
              : "a family of values, such as gaussian, bernoulli or poisson (as %s has values; in a formula, factor(y) makes classes of them)";
      throw configuration.problem(
          KEY, fitting.formatted(data.name()), configuration.network().output().family());
    }
    if (family.classification() && data.hasOffsets()) {
      throw configuration.problem(
          KEY,
          "a family of values (as rows of %s have offsets, which change no probability of classes)"
              .formatted(data.name()),
          configuration.network().output().family());
    }
  }

  /** Each value. */
  static void requireSupport(Configuration configuration, Dataset data, OutputFamily family) {
    int outputs = family.classification() ? 0 : data.outputs();
    for (int row = 0; row < data.rows(); row++) {
      for (int output = 0; output < outputs; output++) {
        float target = data.target(row, output);
        if (!family.supports(target)) {
          throw configuration.problem(
              KEY,
              "targets that are %s for %s".formatted(family.support(), family.name()),
              "%s in %s".formatted(target, data.targetPlace(row, output)));
        }
      }
    }
  }
}
