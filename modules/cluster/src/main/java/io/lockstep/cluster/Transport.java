package io.lockstep.cluster;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the data plane's connections run over. */
public enum Transport {
  /** Unix domain sockets between processes of one host, TCP between hosts. */
  AUTO,
  /** TCP everywhere. */
  TCP,
  /** Unix domain sockets, for nodes that share a host. */
  UNIX;

  /** As on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The transport with the given word. */
  public static Optional<Transport> of(String word) {
    return Arrays.stream(values()).filter(transport -> transport.word().equals(word)).findFirst();
  }
}
