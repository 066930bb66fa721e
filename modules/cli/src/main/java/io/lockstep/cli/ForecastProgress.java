package io.lockstep.cli;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.report.Numbers;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows what a forecast is at, to people who wait for it: on a terminal in place, elsewhere a line
 * on stderr as each part of it begins. Thread-safe.
 */
final class ForecastProgress {

  private final Terminal terminal;
  private final boolean quiet;
  private final AtomicInteger begun = new AtomicInteger();
  private boolean over;

  /**
   * @param quiet whether nothing is shown but warnings
   */
  ForecastProgress(Terminal terminal, boolean quiet) {
    this.terminal = terminal;
    this.quiet = quiet;
  }

  /** A part begins, of which there are few. */
  void begins(String part) {
    if (!quiet && !terminal.interactive()) {
      terminal.err().println(part);
    }
  }

  /**
   * Something is measured.
   *
   * @param done what part of all is, from 0 to 1
   */
  void measures(String what, double done) {
    show("measuring here: %s (%.0f %%)".formatted(what, 100 * done));
  }

  /** One more simulation begins: how many there will be depends on what is found. */
  void simulates(ClusterSpec cluster) {
    show(text(begun.incrementAndGet(), cluster));
  }

  /** Whoever still helps when the forecast has failed shows nothing below the message. */
  private synchronized void show(String text) {
    if (!quiet && !over && terminal.interactive()) {
      terminal.line().show(text);
    }
  }

  /** Says what someone should know. */
  void warn(String what) {
    terminal.warn(what);
  }

  /** Nothing more is shown. */
  synchronized void ends() {
    over = true;
    terminal.line().clear();
  }

  static String text(int number, ClusterSpec cluster) {
    return "simulation %s: %s, %s"
        .formatted(
            Numbers.count(number),
            Numbers.count(cluster.nodes(), "node"),
            Numbers.count(cluster.servers(), "server"));
  }
}
