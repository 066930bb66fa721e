package io.lockstep.cli;

/**
 * What a command line is part of, for commands that start nodes or this program again.
 *
 * @param cluster what nodes are made of
 * @param mainClass where this program starts
 */
record Program(Cluster cluster, String mainClass) {

  /** The program as it is delivered. */
  static Program standard() {
    return new Program(new ActorCluster(), Main.class.getName());
  }
}
