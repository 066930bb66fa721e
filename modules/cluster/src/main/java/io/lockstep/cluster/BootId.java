package io.lockstep.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whose processes read one clock: those that run on one start of one machine. */
final class BootId {

  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

  /** Of this process; empty if it cannot be known. */
  static final String OWN = read();

  private BootId() {}

  private static String read() {
    try {
      return Files.readString(FILE).strip();
    } catch (IOException e) {
      return ""; // Not Linux: clocks are compared.
    }
  }
}
