package io.lockstep.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which machine this is: its name and, where the kernel has one, the identity of its last start.
 * Two containers of one host differ by name, so neither expects the other's Unix socket.
 */
final class Machine {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Machine() {}

  static String identity() {
    return hostName() + "/" + bootId();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // A machine without a name in any directory; the other half must do.
    }
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "unknown"; // Not Linux: the name must do.
    }
  }
}
