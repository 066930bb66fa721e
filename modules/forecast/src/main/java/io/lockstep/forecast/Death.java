package io.lockstep.forecast;

/** What can die in a cluster. */
public enum Death {
  /** The process of a node with workers: others hear of it at once, by their connections. */
  WORKER_PROCESS(false, false),
  /** The machine of a node with workers: nothing is heard of it any more. */
  WORKER_MACHINE(false, true),
  /** The process of a parameter server. */
  SERVER_PROCESS(true, false),
  /** The machine of a parameter server. */
  SERVER_MACHINE(true, true);

  private final boolean ofServer;
  private final boolean silent;

  Death(boolean ofServer, boolean silent) {
    this.ofServer = ofServer;
    this.silent = silent;
  }

  /** Whether it is a parameter server that dies. */
  public boolean isOfServer() {
    return ofServer;
  }

  /** Whether others only miss it. */
  public boolean isSilent() {
    return silent;
  }
}
