package io.lockstep.cli;

import io.lockstep.cluster.NodeFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Failures at random steps of any worker: the same for the same seed. */
final class RandomFaults {

  private static final int FIRST_STEP = 20;
  private static final int LEAST_BETWEEN = 10;
  private static final int MOST_BETWEEN = 40;
  private static final int MOST_SECONDS = 5;
  private static final int MOST_TIMES = 5;
  private static final int MOST_DELAY_MS = 50;

  private RandomFaults() {}

  /** Kinds of them. */
  enum Kind {
    KILL,
    PAUSE,
    SLOW,
    DROP,
    DELAY,
    CUT,
    HOLD;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * So many of these kinds; after a killed worker another one joins.
   *
   * @param kinds at least one; one that comes twice is made twice as often
   */
  static List<Interruption> of(long seed, int count, List<Kind> kinds) {
    Random random = new Random(seed);
    List<Interruption> all = new ArrayList<>();
    long step = FIRST_STEP;
    for (int i = 0; i < count; i++) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      all.add(one(step, kind, random));
      step += random.nextInt(LEAST_BETWEEN, MOST_BETWEEN);
      if (kind == Kind.KILL) {
        all.add(new MembershipChange(step, true));
        step += random.nextInt(LEAST_BETWEEN, MOST_BETWEEN);
      }
    }
    return all;
  }

  private static Interruption one(long step, Kind kind, Random random) {
    return switch (kind) {
      case KILL -> any(step, new NodeFault.Kill());
      case PAUSE -> any(step, new NodeFault.Pause(seconds(random)));
      case SLOW ->
          any(step, new NodeFault.Slow(random.nextInt(2, MOST_TIMES + 1), seconds(random)));
      case DROP -> any(step, new NodeFault.Drop());
      case DELAY -> {
        Duration by = Duration.ofMillis(random.nextInt(1, MOST_DELAY_MS + 1));
        yield any(step, new NodeFault.Delay(by, seconds(random)));
      }
      case CUT -> any(step, new NodeFault.Cut(seconds(random)));
      case HOLD -> new Hold(step, Hold.Until.TIME, seconds(random));
    };
  }

  private static Fault any(long step, NodeFault what) {
    return new Fault(step, Fault.ANY, what);
  }

  private static Duration seconds(Random random) {
    return Duration.ofSeconds(random.nextInt(1, MOST_SECONDS + 1));
  }
}
