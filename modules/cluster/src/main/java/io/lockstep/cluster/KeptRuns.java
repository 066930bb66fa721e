package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a coordinator knows of a run that had another before: which nodes keep their part of it, and
 * who brings these together. Used by the coordinator's actor.
 */
final class KeptRuns {

  private final Map<Integer, String> kept = new TreeMap<>();
  private Coordinator.Salvage salvage;

  /** A node keeps its part of a run, or does not any more if the name is empty. */
  void keeps(int node, String run) {
    if (run.isEmpty()) {
      kept.remove(node);
    } else {
      kept.put(node, run);
    }
  }

  /** A driver brings a run together. */
  void begin(Coordinator.Salvage asked) {
    salvage = asked;
  }

  /** What is asked of nodes; null if nothing is. */
  Coordinator.Salvage asked() {
    return salvage;
  }

  /** Whether it is this driver that brings a run together. */
  boolean isOf(ActorRef<Driver.Command> driver) {
    return salvage != null && salvage.driver().equals(driver);
  }

  /** Whether it is this run that is brought together. */
  boolean isOf(long run) {
    return salvage != null && salvage.run() == run;
  }

  /**
   * The name of the run that one which is asked for would have to wait for; empty if there is none.
   * One that was broken off may start again under its name.
   */
  String before(ActorRef<Driver.Command> driver, String name) {
    if (salvage != null) {
      return isOf(driver) ? "" : salvage.name();
    }
    return kept.values().stream().filter(other -> !other.equals(name)).findFirst().orElse("");
  }

  /** Nobody needs what nodes keep. */
  void forget() {
    salvage = null;
    kept.clear();
  }
}
