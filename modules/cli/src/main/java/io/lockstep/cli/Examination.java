package io.lockstep.cli;

import io.lockstep.data.DataEnvironment;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DatasetCatalog;
import io.lockstep.data.DatasetSource;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.training.NumericsRevision;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at this machine for {@code doctor}.
 *
 * @param runs the folder where runs go
 */
record Examination(Path runs) {

  private static final int NEEDED_JAVA = 25;
  private static final long COMFORTABLE_HEAP = 512L << 20;

  /** All findings, in the order in which people ask. */
  List<Finding> findings() {
    Machine machine = Machine.ofProcess();
    List<Finding> findings = new ArrayList<>();
    BuildInfo build = BuildInfo.ofProgram();
    findings.add(Finding.ok("version", "%s, commit %s".formatted(build.version(), build.commit())));
    findings.add(jdk(Runtime.version().feature(), machine.jdk()));
    findings.add(simd());
    findings.add(fma(HardwareFma.present()));
    findings.add(numerics());
    findings.add(cpu(machine));
    findings.add(memory(Runtime.getRuntime().maxMemory(), physicalMemory()));
    findings.addAll(data(DataRequest.ofProcess()));
    findings.add(writable());
    return findings;
  }

  static Finding jdk(int feature, String name) {
    String where = name + " in " + System.getProperty("java.home");
    return feature < NEEDED_JAVA
        ? Finding.fail("JDK", where, "install a JDK 25 or newer")
        : Finding.ok("JDK", where);
  }

  private static Finding simd() {
    String property = System.getProperty("lockstep.kernels");
    try {
      Kernels.Choice choice = Kernels.select(Kernels.Choice.AUTO).choice();
      boolean module = Kernels.canHaveSimd();
      return simd(choice, property, module);
    } catch (IllegalArgumentException refused) {
      return Finding.fail("SIMD", refused.getMessage(), "change the property lockstep.kernels");
    }
  }

  static Finding simd(Kernels.Choice choice, String property, boolean module) {
    if (property != null && !property.equals(Kernels.Choice.AUTO.toString())) {
      String found = choice + ", asked for by system property lockstep.kernels";
      return choice == Kernels.Choice.SCALAR
          ? Finding.warn("SIMD", found, "without that property it is faster, with the same bits")
          : Finding.ok("SIMD", found);
    }
    if (!module) {
      return Finding.warn(
          "SIMD",
          "none, since the JVM was started without its vector module: slow",
          "start Java with --add-modules jdk.incubator.vector, as bin/lockstep does");
    }
    return choice == Kernels.Choice.SCALAR
        ? Finding.warn("SIMD", "none: this CPU offers too little", "expect slow training")
        : Finding.ok("SIMD", choice + ", the widest of this CPU");
  }

  static Finding fma(boolean inHardware) {
    return inHardware
        ? Finding.ok("FMA", "fused multiply-add by the CPU")
        : Finding.warn(
            "FMA",
            "the CPU's fused multiply-add is missing or switched off: a thousand times slower",
            "use x86-64 since 2013 or ARM64, give a virtual machine the host's CPU type, and start"
                + " Java without -XX:-UseFMA");
  }

  private static Finding numerics() {
    return numerics(NumericsRevision.expected(), NumericsRevision.compute(usableKernels()));
  }

  /** What training would take, or scalar where {@link #simd()} says that this is refused. */
  private static Kernels usableKernels() {
    try {
      return Kernels.select(Kernels.Choice.AUTO);
    } catch (IllegalArgumentException refused) {
      return Kernels.select(Kernels.Choice.SCALAR);
    }
  }

  static Finding numerics(String expected, String computed) {
    return computed.equals(expected)
        ? Finding.ok("numerics", computed + ", as expected")
        : Finding.fail(
            "numerics",
            "expected %s but this machine computes %s: no run would take it as a node"
                .formatted(expected, computed),
            "install another JDK 25 or try -Dlockstep.kernels=scalar in LOCKSTEP_JAVA_OPTS; if"
                + " neither helps, test the machine's memory");
  }

  private static Finding cpu(Machine machine) {
    String found = Figures.count(machine.cores(), "core") + ", " + machine.cpu();
    return machine.cores() == 1
        ? Finding.warn("CPU", found, "several workers will share the one core")
        : Finding.ok("CPU", found);
  }

  static Finding memory(long heap, long physical) {
    String found =
        "heap up to %s%s"
            .formatted(Figures.bytes(heap), physical > 0 ? " of " + Figures.bytes(physical) : "");
    return heap < COMFORTABLE_HEAP
        ? Finding.warn("memory", found, "MNIST may not fit; LOCKSTEP_JAVA_OPTS=-Xmx1g gives more")
        : Finding.ok("memory", found);
  }

  private static long physicalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  /** The data sets, and a LOCKSTEP_DATA that leads nowhere. */
  static List<Finding> data(DataRequest request) {
    List<Finding> findings = new ArrayList<>();
    String folder =
        request.environment().variables().getOrDefault(DataEnvironment.DATA_VARIABLE, "");
    if (!folder.isBlank() && !Files.isDirectory(Path.of(folder))) {
      findings.add(
          Finding.warn(
              "data",
              DataEnvironment.DATA_VARIABLE + " is " + folder + ", which is no folder",
              "set it to the folder that holds mnist/, or unset it"));
    }
    for (DatasetSource source : DatasetCatalog.standard().sources()) {
      String where = source.whereabouts(request);
      String found = source.name() + ": " + where;
      boolean missing = where.startsWith("not on this machine");
      findings.add(
          missing
              ? Finding.warn("data", found, "lockstep data " + source.name() + " fetches it")
              : Finding.ok("data", found));
    }
    return findings;
  }

  private Finding writable() {
    Path existing = runs.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean writable =
        existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
    return writable
        ? Finding.ok("runs", "kept in " + runs.toAbsolutePath())
        : Finding.warn(
            "runs", existing + " cannot be written to", "name another folder: train --out DIR");
  }
}
