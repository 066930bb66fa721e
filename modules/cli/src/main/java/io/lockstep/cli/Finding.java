package io.lockstep.cli;

import java.util.List;

/**
 * One thing that {@code doctor} looked at.
 *
 * @param level how bad it is
 * @param topic what was looked at
 * @param found what was found
 * @param remedy what to do; null if nothing
 */
record Finding(Level level, String topic, String found, String remedy) {

  /** How bad it is. */
  enum Level {
    /** As it should be. */
    OK("ok"),
    /** It works, but not as well as it could. */
    WARN("warn"),
    /** Training does not work. */
    FAIL("FAIL");

    private final String word;

    Level(String word) {
      this.word = word;
    }
  }

  static Finding ok(String topic, String found) {
    return new Finding(Level.OK, topic, found, null);
  }

  static Finding warn(String topic, String found, String remedy) {
    return new Finding(Level.WARN, topic, found, remedy);
  }

  static Finding fail(String topic, String found, String remedy) {
    return new Finding(Level.FAIL, topic, found, remedy);
  }

  /** A line, and one for the remedy. */
  List<String> lines() {
    String line = "%-5s %-8s %s".formatted(level.word, topic, found);
    return remedy == null ? List.of(line) : List.of(line, " ".repeat(15) + remedy);
  }
}
