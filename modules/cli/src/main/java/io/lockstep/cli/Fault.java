package io.lockstep.cli;

import io.lockstep.cluster.NodeFault;

/**
 * A failure that is made on purpose, to see a run get over it.
 *
 * @param step steps that are done before
 * @param node whose failure; {@link #ANY} for any worker's
 * @param what happens to it
 */
record Fault(long step, String node, NodeFault what) implements Interruption {

  static final String ANY = "any";

  @Override
  public String option() {
    String[] kindAndMore = what.text().split("(?=:)", 2);
    return "--chaos %d:%s:%s%s"
        .formatted(step, kindAndMore[0], node, kindAndMore.length == 1 ? "" : kindAndMore[1]);
  }

  boolean kills() {
    return what instanceof NodeFault.Kill;
  }
}
