package io.lockstep.kernels;

import io.lockstep.kernels.Kernels.Choice;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which set of kernels runs.
 *
 * @param property value of the system property {@value #PROPERTY}, null if it is not set
 * @param incubator whether this JVM has the module jdk.incubator.vector
 * @param widestBits vector width of the CPU as the JVM sees it, 0 without the module
 */
record KernelSelection(String property, boolean incubator, int widestBits) {
  static final String PROPERTY = "lockstep.kernels";

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  /**
   * What has been logged: a JVM may select for each of its workers, and its log should say it once.
   */
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  /** Where no SIMD is wanted, no class of the Vector API is loaded. */
  static final KernelSelection WITHOUT_SIMD = new KernelSelection(null, false, 0);

  static KernelSelection ofThisMachine() {
    boolean incubator = VectorModule.isThere();
    return new KernelSelection(
        System.getProperty(PROPERTY), incubator, incubator ? VectorKernels.widestBits() : 0);
  }

  Kernels select(Choice choice) {
    if (choice != Choice.AUTO) {
      return selected(choice, "asked for");
    }
    if (property != null) {
      Choice named = Choice.parse("system property " + PROPERTY, property);
      if (named != Choice.AUTO) {
        return selected(named, "asked for by system property " + PROPERTY);
      }
    }
    if (!incubator && LOGGED.add(VectorModule.NAME)) {
      LOG.warn(
          "no SIMD, since the module {} is missing: start Java with --add-modules {}; going on with"
              + " slow scalar kernels",
          VectorModule.NAME,
          VectorModule.NAME);
    }
    Choice widest = available().getLast();
    return selected(
        widest, widest == Choice.SCALAR ? "there is no SIMD" : "the widest SIMD of this CPU");
  }

  /** What can be selected, beside auto; the widest last. */
  private List<Choice> available() {
    return Stream.of(Choice.values())
        .filter(choice -> choice != Choice.AUTO && choice.bits() <= widestBits)
        .toList();
  }

  private Kernels selected(Choice choice, String reason) {
    requireAvailable(choice);
    Kernels kernels = choice == Choice.SCALAR ? scalar() : VectorKernels.ofBits(choice.bits());
    if (LOGGED.add(choice.toString())) {
      LOG.info("kernels: {}, {}", choice, reason);
    }
    return kernels;
  }

  private void requireAvailable(Choice choice) {
    if (choice.bits() == 0) {
      return;
    }
    if (!incubator) {
      throw new IllegalArgumentException(
          "kernels: %s needs the module %s; start Java with --add-modules %s, or use auto or scalar"
              .formatted(choice, VectorModule.NAME, VectorModule.NAME));
    }
    if (choice.bits() > widestBits) {
      List<Choice> others = Stream.concat(Stream.of(Choice.AUTO), available().stream()).toList();
      throw new IllegalArgumentException(
          "kernels: %s needs %d-bit SIMD, but this CPU offers %d bits; use %s"
              .formatted(choice, choice.bits(), widestBits, Choice.oneOf(others)));
    }
  }

  private static Kernels scalar() {
    return new Kernels(
        Choice.SCALAR,
        new ScalarProducts(),
        new ScalarElementwise(),
        new ScalarLosses(),
        new ScalarUpdates(),
        new ScalarArithmetic());
  }
}
