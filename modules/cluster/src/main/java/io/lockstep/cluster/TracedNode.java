package io.lockstep.cluster;

import io.lockstep.training.trace.RunTrace.OfNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A node of a run that is traced, as the driver knows it. Used by the driver's actor. */
final class TracedNode {

  /** The oldest first; all but the last are past. */
  private final List<TracedLife> lives = new ArrayList<>();

  void on(Tracing.OfNode told) {
    Optional<TracedLife> life = lives.stream().filter(l -> l.life() == told.life()).findAny();
    if (life.isPresent()) {
      life.get().on(told);
    } else if (told instanceof Tracing.Announced announced) {
      begin(announced);
    }
  }

  /** Who has given all of the steps is told that it was heard, and that is all. */
  private void begin(Tracing.Announced announced) {
    TracedLife begun = new TracedLife(announced);
    begun.askClock();
    if (!any(life -> life.isWhole() && life.gives())) {
      lives.forEach(TracedLife::past);
      lives.add(begun);
    }
  }

  private boolean any(Predicate<TracedLife> what) {
    return lives.stream().anyMatch(what);
  }

  /** Whether it has begun to give, since the steps are over. */
  boolean gives() {
    return any(TracedLife::gives);
  }

  boolean isWhole() {
    return any(TracedLife::isWhole);
  }

  /** As {@link TracedLife#isComplete}. */
  boolean isComplete(boolean ended) {
    return lives.stream().allMatch(life -> life.isComplete(ended));
  }

  void look(boolean ended) {
    lives.forEach(life -> life.look(ended));
  }

  void lost() {
    lives.forEach(TracedLife::lost);
  }

  /** As {@link TracedLife#computes}. */
  void computes(boolean does) {
    lives.forEach(life -> life.computes(does));
  }

  /**
   * What it did whenever it took part, by our clock.
   *
   * @param missing told why something of it is not there
   */
  Optional<OfNode> trace(Consumer<String> missing) {
    Optional<OfNode> all = Optional.empty();
    for (TracedLife life : lives) {
      try {
        OfNode trace = life.trace();
        all = Optional.of(all.map(before -> before.and(trace)).orElse(trace));
      } catch (IllegalStateException none) {
        if (life == lives.getLast()) {
          missing.accept(none.getMessage());
        } else if (life.hasGiven()) { // Else it may have noted nothing.
          missing.accept("cut off as it took part anew: " + none.getMessage());
        }
      }
    }
    return all;
  }
}
