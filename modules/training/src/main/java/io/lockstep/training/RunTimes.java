package io.lockstep.training;

import java.time.Duration;

/** How often the parts of a run look after each other. */
public final class RunTimes {

  /** A node tells what its shards have done, where nobody waits for it. */
  public static final Duration REPORT_EVERY = Duration.ofMillis(50);

  /** A node tells how fast it computes, and looks for servers that it has lost. */
  public static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** What a shard has measured is told again, since a message may be lost with a connection. */
  public static final Duration MEASURED_AGAIN_EVERY = Duration.ofSeconds(1);

  /** Who owes an answer is asked again. */
  public static final Duration REMIND_EVERY = Duration.ofSeconds(5);

  /**
   * A node that has lost a parameter server cannot know which of them is at fault. If the server
   * lives, it tells the coordinator, which expels this node; if it died, the coordinator hears that
   * soon, and the server's standby takes over. This is longer than either takes.
   */
  public static final Duration CUT_OFF_AFTER = Duration.ofSeconds(30);

  private RunTimes() {}
}
