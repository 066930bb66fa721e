package io.lockstep.config;

import io.lockstep.data.Dataset;
import io.lockstep.data.table.NumberText;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.OutputFamily;

/** Whether a family can have what the data hold. */
final class FamilyChecks {

  private static final String KEY = "network.output.family";

  private static final String OF_CLASSES =
      "categorical or one-hot-squared-error (as %s has classes)";
  private static final String OF_TWO_TEXTS =
      "categorical, which for two texts is logistic regression of the second one (as %s has classes), or a response of numbers 0 and 1";
  private static final String OF_VALUES =
      "a family of values, such as gaussian, bernoulli or poisson (as %s has values; in a formula, factor(y) makes classes of them)";

  private FamilyChecks() {}

  /** Of two classes the softmax is the logistic function. */
  private static String ofClasses(Dataset data, OutputFamily family) {
    return family instanceof Bernoulli && data.classes() == 2 ? OF_TWO_TEXTS : OF_CLASSES;
  }

  /** Of one value only there is nothing to learn. */
  private static void requireBoth(Configuration configuration, Dataset data) {
    float first = data.target(0, 0);
    boolean same = (first == 0 || first == 1);
    for (int row = 1; row < data.rows() && same; row++) {
      same = data.target(row, 0) == first;
    }
    if (same) {
      throw configuration.problem(
          KEY,
          "both 0 and 1 among the targets of bernoulli",
          "%s in all %d rows of %s".formatted(NumberText.of(first), data.rows(), data.name()));
    }
  }

  /** Classes or values; and an offset would be lost on classes. */
  static void requireKind(Configuration configuration, Dataset data, OutputFamily family) {
    if (family.classification() != data.classes() > 0) {
      String fitting = data.classes() > 0 ? ofClasses(data, family) : OF_VALUES;
      throw configuration.problem(
          KEY, fitting.formatted(data.name()), configuration.network().output().family());
    }
    if (family instanceof Bernoulli && data.outputs() == 1) {
      requireBoth(configuration, data);
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
          throw new ConfigurationException(
              "%s: %s needs %s but found %s; %s is set at %s"
                  .formatted(
                      data.targetPlace(row, output),
                      family.name(),
                      family.support(),
                      NumberText.of(target),
                      KEY,
                      configuration.placeOf(KEY)));
        }
      }
    }
  }
}
