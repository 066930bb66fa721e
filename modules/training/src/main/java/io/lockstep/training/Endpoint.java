package io.lockstep.training;

/**
 * Where the data plane of a node is reached.
 *
 * @param host name or address; empty if it is reached within its JVM only
 * @param port TCP port
 * @param socketPath Unix socket, for peers on the same machine; empty if there is none
 * @param machine identity of the machine, by which a peer knows whether it is on the same
 */
public record Endpoint(String host, int port, String socketPath, String machine) {

  /** Reached within its JVM only. */
  public static final Endpoint IN_PROCESS = new Endpoint("", 0, "", "");

  @Override
  public String toString() {
    return host.isEmpty() ? "in process" : host + ":" + port;
  }
}
