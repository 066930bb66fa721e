package io.lockstep.training;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a shard sends to one node, as the data plane does: of what waits to be sent the two newest
 * of each kind, the lowest kind first; what was sent arrives in order.
 */
final class SimulatedFrames extends Schedule.Source {

  private record Frame(long version, int plan, Supplier<String> what, Runnable arrives) {}

  private final Schedule schedule;
  private final String name;
  private final TreeMap<Integer, Frame> waiting = new TreeMap<>();
  private final Map<Integer, Frame> older = new HashMap<>();
  private final ArrayDeque<Frame> sent = new ArrayDeque<>();
  private boolean cut;

  SimulatedFrames(Schedule schedule, String name) {
    this.schedule = schedule;
    this.name = name;
    schedule.add(this);
  }

  /** Sends at once, before all that waits. */
  void send(String what, Runnable arrives) {
    sent.add(new Frame(0, 0, () -> what, arrives));
  }

  /** Of each slot the two newest versions wait, unless only the one names its version's plan. */
  void offer(int slot, long version, int plan, Supplier<String> what, Runnable arrives) {
    Frame waits = waiting.get(slot);
    if (cut || waits != null && waits.version() == version && plan < waits.plan()) {
      return;
    }
    if (waits != null && waits.version() < version) {
      older.put(slot, waits);
    } else if (waits != null && waits.version() > version) {
      older.remove(slot);
    }
    waiting.put(slot, new Frame(version, plan, what, arrives));
  }

  /** Of what is on its way only the first part arrives. */
  void cut() {
    cut = true;
    waiting.clear();
    older.clear();
    int arriving = schedule.choose(sent.size() + 1);
    while (sent.size() > arriving) {
      sent.removeLast();
    }
  }

  void close() {
    cut();
    sent.clear();
    schedule.remove(this);
  }

  @Override
  boolean isReady() {
    return !waiting.isEmpty() || !sent.isEmpty();
  }

  @Override
  void go() {
    if (sent.isEmpty() || !waiting.isEmpty() && schedule.oneIn(2)) {
      int lowest = waiting.firstKey();
      Frame first = older.remove(lowest);
      sent.add(first == null ? waiting.remove(lowest) : first);
    } else {
      Frame frame = sent.poll();
      schedule.tell(() -> name + ": " + frame.what().get());
      frame.arrives().run();
    }
  }
}
