package io.lockstep.training;

import java.util.Locale;

/**
 * A change in who takes part in a run.
 *
 * @param what happened
 * @param step the first step that it holds for
 * @param node name of the node
 * @param detail more of it; may be empty
 */
public record RunEvent(What what, long step, String node, String detail) {

  /** Kinds of change. */
  public enum What {
    /** A node's workers compute from this step on. */
    JOINED,
    /** A node's workers no longer compute from this step on. */
    LEFT,
    /** A node may not take part. */
    REFUSED;

    /** As in {@code run.json}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
