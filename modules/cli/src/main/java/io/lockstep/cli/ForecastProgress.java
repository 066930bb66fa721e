package io.lockstep.cli;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.report.Numbers;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows which simulation a forecast is at, to people who wait for it. Thread-safe. */
final class ForecastProgress {

  private final Terminal terminal;
  private final AtomicInteger begun = new AtomicInteger();

  ForecastProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One more begins: how many there will be depends on what is found. */
  void begins(ClusterSpec cluster) {
    int number = begun.incrementAndGet();
    if (terminal.interactive()) {
      terminal.line().show(text(number, cluster));
    }
  }

  static String text(int number, ClusterSpec cluster) {
    return "simulation %s: %s, %s"
        .formatted(
            Numbers.count(number),
            Numbers.count(cluster.nodes(), "node"),
            Numbers.count(cluster.servers(), "server"));
  }
}
