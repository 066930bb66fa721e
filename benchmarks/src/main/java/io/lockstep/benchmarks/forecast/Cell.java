package io.lockstep.benchmarks.forecast;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.lockstep.wire.LinkShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run that is forecast and measured.
 *
 * @param network what is trained
 * @param nodes workers, each with a machine of its own, or processes of this one
 * @param servers parameter servers
 * @param mbit of each machine's link in each direction, in Mbit/s; 0 for processes of this machine,
 *     that share memory
 * @param latencyMs of one direction
 */
record Cell(ForecastNetwork network, int nodes, int servers, int mbit, int latencyMs) {

  private static final List<Integer> NODES = List.of(2, 4, 8, 16);
  private static final List<Integer> MBIT = List.of(100, 1_000);
  private static final List<Integer> LATENCIES = List.of(1, 10);

  /** From so many nodes on two servers are measured, too, over the links of lower latency. */
  private static final int SEVERAL_SERVERS_FROM = 8;

  /** All that are published. */
  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>(emulated());
    for (ForecastNetwork network : ForecastNetwork.values()) {
      cells.add(new Cell(network, 1, 1, 0, 0));
      cells.add(new Cell(network, 2, 1, 0, 0));
    }
    return cells;
  }

  private static List<Cell> emulated() {
    List<Cell> cells = new ArrayList<>();
    for (ForecastNetwork network : ForecastNetwork.values()) {
      for (int nodes : NODES) {
        for (int mbit : MBIT) {
          LATENCIES.forEach(ms -> cells.add(new Cell(network, nodes, 1, mbit, ms)));
          if (nodes >= SEVERAL_SERVERS_FROM) {
            cells.add(new Cell(network, nodes, 2, mbit, LATENCIES.getFirst()));
          }
        }
      }
    }
    return cells;
  }

  /** Whether its nodes are machines that are not there. */
  @JsonIgnore
  boolean isEmulated() {
    return mbit > 0;
  }

  /** Of each machine. */
  LinkShape shape() {
    return new LinkShape(mbit * 1e6, Duration.ofMillis(latencyMs));
  }

  /** For people. */
  String link() {
    return isEmulated() ? "%,d Mbit/s, %d ms".formatted(mbit, latencyMs) : "this machine";
  }

  /** For people, and for what {@code --only} looks in. */
  String name() {
    return String.format(Locale.ROOT, "%s:%d:%d:%d:%d", network, nodes, servers, mbit, latencyMs);
  }
}
