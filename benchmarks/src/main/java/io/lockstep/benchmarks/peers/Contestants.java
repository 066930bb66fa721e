package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** The contestants of a comparison, which end together. */
final class Contestants implements AutoCloseable {

  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Takes one over. */
  <T extends AutoCloseable> T add(T contestant) {
    all.push(contestant);
    return contestant;
  }

  /** Starts Lockstep in a JVM of its own. */
  Contestant start(Cores cores, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    String name = main.getSimpleName() + " " + String.join(" ", arguments);
    return add(Contestant.start(name, OwnJvm.command(cores, main, arguments), Map.of()));
  }

  @Override
  public void close() {
    for (AutoCloseable contestant : all) {
      try {
        contestant.close();
      } catch (Exception e) {
        throw new IllegalStateException("a contestant does not end", e);
      }
    }
  }
}
