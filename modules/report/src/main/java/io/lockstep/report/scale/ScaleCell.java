package io.lockstep.report.scale;

import io.lockstep.report.Numbers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What was varied between runs.
 *
 * @param workers number of workers
 * @param servers number of parameter servers
 * @param batch rows of a step, of all workers together
 */
public record ScaleCell(int workers, int servers, int batch) {

  /** Such as {@code 2 workers, 1 server, batch 512}. */
  public String name() {
    return Numbers.count(workers, "worker")
        + ", "
        + Numbers.count(servers, "server")
        + ", batch "
        + batch;
  }

  /**
   * What tells it from others: the workers always, servers and batch where they differ.
   *
   * @param mode in a weak experiment a batch is that of each worker
   */
  String name(Collection<ScaleCell> others, ScaleMode mode) {
    String rest = series(others, mode);
    return Numbers.count(workers, "worker") + (rest.isEmpty() ? "" : ", " + rest);
  }

  /** As {@link #name(Collection, ScaleMode)}, without the workers; empty where nothing is left. */
  String series(Collection<ScaleCell> others, ScaleMode mode) {
    List<String> parts = new ArrayList<>();
    if (differ(others, ScaleCell::servers)) {
      parts.add(Numbers.count(servers, "server"));
    }
    if (differ(others, mode::batch)) {
      parts.add("batch " + mode.batch(this) + (mode == ScaleMode.WEAK ? " a worker" : ""));
    }
    return String.join(", ", parts);
  }

  private static boolean differ(Collection<ScaleCell> cells, ToIntFunction<ScaleCell> figure) {
    return cells.stream().mapToInt(figure).distinct().count() > 1;
  }
}
