package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkNetwork;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Several workers in one JVM on two cores, with the network's rows for each of them. */
final class WorkersPart implements Part {

  private static final int[] CROWDS = {2, 4, 8, 16};
  private static final BenchmarkNetwork CROWDED = BenchmarkNetwork.W2;

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    setting.requireTwoCores();
    Markdown out = setting.out();
    out.heading(2, "Workers in one JVM");
    out.paragraph("Samples/s of all workers on two cores, with the same rows for each.");
    Markdown.Table table =
        new Markdown.Table("network", "1 worker", "2 workers", "ratio", "quiet rounds");
    for (BenchmarkNetwork net : setting.options().networks()) {
      Rounds rounds = rounds(setting, net, 1, 2);
      table.row(
          net.name(),
          rounds.of("1").text("%,.0f"),
          rounds.of("2").text("%,.0f"),
          rounds.ratio("2", "1").text("%.2f"),
          rounds.quiet());
    }
    out.table(table);
    crowds(setting);
  }

  private static void crowds(Setting setting) throws IOException, InterruptedException {
    Rounds rounds = rounds(setting, CROWDED, CROWDS);
    Map<Integer, Double> heaps = heaps(setting);
    Markdown.Table table =
        new Markdown.Table("workers", "samples/s", "to 2", "heap, MB", "MB a further worker");
    double least = heaps.get(CROWDS[0]);
    for (int workers : CROWDS) {
      double further = (heaps.get(workers) - least) / Math.max(1, workers - CROWDS[0]);
      table.row(
          "" + workers,
          rounds.of("" + workers).text("%,.0f"),
          rounds.ratio("" + workers, "" + CROWDS[0]).text("%.2f"),
          String.format(Locale.ROOT, "%.1f", heaps.get(workers)),
          workers == CROWDS[0] ? "" : String.format(Locale.ROOT, "%.2f", further));
    }
    setting
        .out()
        .paragraph(
            "Many workers on the same two cores, %s, %d rows each; the heap holds the images, too. Quiet rounds: %s."
                .formatted(CROWDED, CROWDED.batch(), rounds.quiet()));
    setting.out().table(table);
  }

  private static Rounds rounds(Setting setting, BenchmarkNetwork net, int... crowds)
      throws IOException, InterruptedException {
    Options options = setting.options();
    try (Contestants contestants = new Contestants()) {
      Turns turns = setting.turns(2);
      for (int workers : crowds) {
        Contestant crew = start(setting, contestants, net, workers);
        crew.warm("train 1");
        turns.add("" + workers, () -> crew.ask("train " + options.seconds()));
      }
      return turns.run(options.repetitions());
    }
  }

  private static Map<Integer, Double> heaps(Setting setting)
      throws IOException, InterruptedException {
    Map<Integer, Double> heaps = new LinkedHashMap<>();
    for (int workers : CROWDS) {
      try (Contestants contestants = new Contestants()) {
        Contestant crew = start(setting, contestants, CROWDED, workers);
        crew.ask("train 0.5");
        heaps.put(workers, crew.ask("heap"));
      }
    }
    return heaps;
  }

  private static Contestant start(
      Setting setting, Contestants contestants, BenchmarkNetwork net, int workers)
      throws IOException, InterruptedException {
    return contestants.start(setting.twoCores(), StepContestant.class, net.name(), "" + workers);
  }
}
