package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkNetwork;
import io.lockstep.benchmarks.MatrixProduct;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Whole training steps on one thread, beside PyTorch's, and beside what oneDNN's matrix products
 * alone would allow.
 */
final class StepPart implements Part {

  private static final String OURS = "Lockstep";
  private static final String TORCH = "PyTorch";
  private static final String BOUND = "oneDNN";

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    Markdown out = setting.out();
    out.heading(2, "The whole step on one thread");
    out.paragraph(
        "Samples/s of training by SGD with momentum, gather, loss and update included, ours with the tree over micro-batches; the bound is a step that were nothing but its matrix products by oneDNN.");
    setting.remarkOnOneDnn();
    setting.remarkOnTorch();
    Markdown.Table table =
        new Markdown.Table(
            "network",
            "ours",
            "GFLOP/s",
            "bound",
            "ours of it",
            "PyTorch",
            "ours to PyTorch",
            "quiet rounds");
    for (BenchmarkNetwork net : setting.options().networks()) {
      table.row(row(setting, net));
    }
    out.table(table);
  }

  private static String[] row(Setting setting, BenchmarkNetwork net)
      throws IOException, InterruptedException {
    Peers peers = setting.peers();
    try (Contestants contestants = new Contestants()) {
      Turns turns = setting.turns(1);
      addOurs(setting, net, contestants, turns);
      if (peers.oneDnn().isPresent()) {
        Contestant oneDnn = contestants.add(peers.oneDnn(setting.oneCore()));
        turns.add(BOUND, () -> bound(net, oneDnn));
      }
      if (peers.hasTorch()) {
        addTorch(setting, net, contestants, turns);
      }
      Rounds rounds = turns.run(setting.options().repetitions());
      return cells(setting, net, rounds);
    }
  }

  private static void addOurs(
      Setting setting, BenchmarkNetwork net, Contestants contestants, Turns turns)
      throws IOException, InterruptedException {
    Contestant ours = contestants.start(setting.oneCore(), StepContestant.class, net.name(), "1");
    ours.warm("train 1");
    turns.add(OURS, () -> ours.ask("train " + setting.options().seconds()));
  }

  private static void addTorch(
      Setting setting, BenchmarkNetwork net, Contestants contestants, Turns turns)
      throws IOException, InterruptedException {
    Contestant torch = contestants.add(setting.peers().torchStep(setting.oneCore(), net));
    torch.ask("1");
    turns.add(TORCH, () -> torch.ask("" + setting.options().seconds()));
  }

  /** Each of the step's different products is timed anew. */
  private static double bound(BenchmarkNetwork net, Contestant oneDnn) throws InterruptedException {
    Map<MatrixProduct, Double> rates = new HashMap<>();
    for (MatrixProduct product : net.products()) {
      if (!rates.containsKey(product)) {
        rates.put(product, oneDnn.ask(product.words() + " 0.06"));
      }
    }
    return ProductsPart.bound(net, rates::get);
  }

  private static String[] cells(Setting setting, BenchmarkNetwork net, Rounds rounds) {
    boolean beside = setting.peers().hasTorch();
    boolean bounded = setting.peers().oneDnn().isPresent();
    double gigaflops = 1e-9 * rounds.of(OURS).median() * net.operationsPerRow();
    return new String[] {
      net.name(),
      rounds.of(OURS).text("%,.0f"),
      String.format(Locale.ROOT, "%.1f", gigaflops),
      bounded ? rounds.of(BOUND).text("%,.0f") : "",
      bounded ? rounds.ratio(OURS, BOUND).text("%.2f") : "",
      beside ? rounds.of(TORCH).text("%,.0f") : "",
      beside ? rounds.ratio(OURS, TORCH).text("%.2f") : "",
      rounds.quiet()
    };
  }
}
