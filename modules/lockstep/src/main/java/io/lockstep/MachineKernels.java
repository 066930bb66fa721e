package io.lockstep;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationException;
import io.lockstep.kernels.Kernels;

/** Selects this machine's kernels; what it lacks is refused, naming where it was asked for. */
final class MachineKernels {

  private static final String PROPERTY = "lockstep.kernels";

  private MachineKernels() {}

  /**
   * The kernels that a configuration asks for.
   *
   * @throws ConfigurationException if this CPU or JVM lacks them
   */
  static Kernels of(Configuration configuration) {
    return configuration.kernels() == Kernels.Choice.AUTO
        ? widest()
        : select(configuration.kernels(), "at " + configuration.placeOf("kernels"));
  }

  /**
   * The widest kernels, unless the system property {@value #PROPERTY} names others.
   *
   * @throws ConfigurationException if this CPU or JVM lacks those, or there are none of that name
   */
  static Kernels widest() {
    String property = System.getProperty(PROPERTY, "");
    return select(Kernels.Choice.AUTO, "by -D%s=%s".formatted(PROPERTY, property));
  }

  private static Kernels select(Kernels.Choice choice, String set) {
    try {
      return Kernels.select(choice);
    } catch (IllegalArgumentException lacking) {
      throw new ConfigurationException(lacking.getMessage() + "; set " + set, lacking);
    }
  }
}
