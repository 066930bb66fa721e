package io.lockstep.training;

import java.util.Locale;

/**
 * A change in who takes part in a run, or something else that a person should know of its course.
 *
 * @param what happened
 * @param step the first step that it holds for
 * @param node name of the node; empty if it is about none
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
    REFUSED,
    /** The run went on from its checkpoint of this step. */
    RESUMED,
    /** A newer checkpoint than that could not be used. */
    DAMAGED,
    /** The checkpoint of this step could not be kept. */
    UNSAVED,
    /** The run ended at this step, before its last: see {@link EarlyStopping}. */
    STOPPED,
    /** A node's workers were lost at this step, or soon after; others do what they left open. */
    LOST,
    /** A node's workers had not done their part of this step when others had; these do it, too. */
    LATE,
    /** From this step on shares follow the speed of nodes, of which this one's changed most. */
    REPLANNED,
    /** From this step on a node has a copy of a shard, and can go on with it. */
    MIRRORED,
    /** A node's copy of a shard is not counted on any more. */
    UNMIRRORED,
    /** A shard's server was lost at this step; this node has gone on with its copy. */
    TOOK_OVER,
    /**
     * The coordinator, or the last worker, was lost; from this step on another has gone on, with
     * what the nodes had of the run.
     */
    WENT_ON,
    /** This node was lost at this step, the last one that computed: the run waits for another. */
    WAITING,
    /** The timeline of steps from this one on was written. */
    TRACED,
    /** The timeline of steps from this one on could not be written. */
    UNTRACED;

    /** As in {@code run.json}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that {@link #word}. */
    public static What of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
