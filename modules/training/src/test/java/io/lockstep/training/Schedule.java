package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One order of all that happens in a simulated cluster: a seeded generator chooses, time and again,
 * which of the sources that have something to do goes next. Some are held up for a while, so that
 * others get far ahead of them. The same seed gives the same order.
 */
final class Schedule {

  private static final int DELAYED_ONE_IN = 40;
  private static final int MOST_DELAY = 300;

  /** Something that may happen next: a message arrives, a worker computes, a shard reports. */
  abstract static class Source {

    private long delayedUntil;
    private boolean frozen;

    abstract boolean isReady();

    abstract void go();

    /** Whether nothing of it happens, whatever else there is to do. */
    final void freeze(boolean frozen) {
      this.frozen = frozen;
    }

    /** Nothing of it happens for a while, if there is anything else to do. */
    final void delay(long until) {
      delayedUntil = until;
    }
  }

  private final Random random;
  private final List<Source> sources = new ArrayList<>();
  private final List<Source> ready = new ArrayList<>();
  private final List<String> trace;
  private long time;

  /**
   * @param traced whether what happens is kept as text
   */
  Schedule(long seed, boolean traced) {
    this.random = new Random(seed);
    this.trace = traced ? new ArrayList<>() : null;
  }

  void add(Source source) {
    sources.add(source);
  }

  void remove(Source source) {
    sources.remove(source);
  }

  /** A number from 0 to {@code bound} - 1. */
  int choose(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  void delay(Source source, int most) {
    source.delay(time + 1 + random.nextInt(most));
  }

  void tell(Supplier<String> what) {
    if (trace != null) {
      trace.add(time + " " + what.get());
    }
  }

  /** What has happened so far. */
  List<String> trace() {
    return trace;
  }

  /** Lets one thing happen; false if nothing can. */
  boolean next() {
    time++;
    Source chosen = chosen();
    if (chosen == null) {
      return false;
    }
    if (oneIn(DELAYED_ONE_IN)) {
      delay(chosen, MOST_DELAY);
    } else {
      chosen.go();
    }
    return true;
  }

  private Source chosen() {
    ready.clear();
    Source first = null;
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      if (!source.frozen && source.isReady()) {
        first = first == null || source.delayedUntil < first.delayedUntil ? source : first;
        if (source.delayedUntil <= time) {
          ready.add(source);
        }
      }
    }
    return ready.isEmpty() ? first : oneOf(ready);
  }
}
