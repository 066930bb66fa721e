package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/**
 * What must be equal on all nodes of a run for its bits to be equal.
 *
 * @param configuration hash of the keys that decide the result
 * @param data checksum of the data set
 * @param layout hash of the ranges of packed θ
 * @param protocol version of the data plane's protocol
 * @param numerics revision of the arithmetic, see {@link NumericsRevision}
 */
public record Fingerprint(
    String configuration, String data, String layout, int protocol, String numerics) {

  /** What differs on another node, with what is expected and found; empty if nothing does. */
  public List<String> differences(Fingerprint other) {
    List<String> differences = new ArrayList<>();
    compare("protocol version", protocol, other.protocol, differences);
    compare("numerics revision", numerics, other.numerics, differences);
    compare("configuration", configuration, other.configuration, differences);
    compare("checksum of the data", data, other.data, differences);
    compare("layout of the weights", layout, other.layout, differences);
    return differences;
  }

  private static void compare(String what, Object expected, Object found, List<String> to) {
    if (!expected.equals(found)) {
      to.add("%s: expected %s, found %s".formatted(what, expected, found));
    }
  }
}
