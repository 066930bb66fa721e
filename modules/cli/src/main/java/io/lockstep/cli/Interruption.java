package io.lockstep.cli;

/** What a launch does to its own run at a step, at which the run stands still. */
sealed interface Interruption permits MembershipChange, Fault {

  /** Steps that are done before. */
  long step();
}
