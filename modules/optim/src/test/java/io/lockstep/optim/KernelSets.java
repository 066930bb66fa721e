package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Kernels.Choice;
import java.util.List;
import java.util.stream.Stream;

/** The kernel sets that the tests run on: all that this CPU has. */
final class KernelSets {
  private static final Choice WIDEST = Kernels.select(Choice.AUTO).choice();

  private KernelSets() {}

  static List<Kernels> all() {
    return Stream.of(Choice.values())
        .filter(choice -> choice != Choice.AUTO && choice.compareTo(WIDEST) <= 0)
        .map(Kernels::select)
        .toList();
  }

  static Kernels scalar() {
    return Kernels.select(Choice.SCALAR);
  }
}
