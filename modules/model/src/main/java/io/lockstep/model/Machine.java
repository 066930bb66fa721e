package io.lockstep.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a run computes on.
 *
 * @param jdk version and vendor
 * @param cpu the processor's name, as far as the system tells
 * @param cores processors that this process may use
 */
public record Machine(String jdk, String cpu, int cores) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final long SYSCTL_TIMEOUT_MS = 2_000;

  /** Asks the system. */
  public static Machine ofProcess() {
    return new Machine(
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
        cpuName(),
        Runtime.getRuntime().availableProcessors());
  }

  private static String cpuName() {
    return linuxCpu(CPU_INFO).or(Machine::macCpu).orElseGet(() -> System.getProperty("os.arch"));
  }

  static Optional<String> linuxCpu(Path cpuInfo) {
    if (!Files.isReadable(cpuInfo)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(cpuInfo)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .filter(name -> !name.isEmpty())
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<String> macCpu() {
    if (!System.getProperty("os.name").startsWith("Mac")) {
      return Optional.empty();
    }
    try {
      Process sysctl = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string").start();
      if (!sysctl.waitFor(SYSCTL_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        sysctl.destroyForcibly();
        return Optional.empty();
      }
      byte[] name = sysctl.getInputStream().readAllBytes();
      return Optional.of(new String(name, StandardCharsets.UTF_8).strip())
          .filter(s -> !s.isEmpty());
    } catch (IOException unavailable) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
