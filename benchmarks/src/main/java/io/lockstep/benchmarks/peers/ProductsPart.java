package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkNetwork;
import io.lockstep.benchmarks.MatrixProduct;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The matrix products of the networks' layers on one thread, beside oneDNN's. */
final class ProductsPart implements Part {

  private static final String OURS = "ours ";
  private static final String ONEDNN = "oneDNN ";

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    Markdown out = setting.out();
    out.heading(2, "Matrix products");
    setting.remarkOnOneDnn();
    try (Contestants contestants = new Contestants()) {
      Contestant ours = contestants.start(setting.oneCore(), KernelsContestant.class);
      Optional<Contestant> oneDnn = Optional.empty();
      if (setting.peers().oneDnn().isPresent()) {
        oneDnn = Optional.of(contestants.add(setting.peers().oneDnn(setting.oneCore())));
      }
      Rounds rounds = turns(setting, ours, oneDnn).run(setting.options().repetitions());
      out.paragraph(
          "GFLOP/s on one thread; ours with packing, with the transposing of W, and with the tree over micro-batches of 32 rows. Quiet rounds: %s."
              .formatted(rounds.quiet()));
      out.table(table(setting, rounds, oneDnn.isPresent()));
      out.paragraph("All products of a step one after the other, by the medians above, samples/s:");
      out.table(bounds(setting, rounds, oneDnn.isPresent()));
    }
  }

  /** Each is measured for a moment unseen: the JIT compiler, and the library, have met it then. */
  private static Turns turns(Setting setting, Contestant ours, Optional<Contestant> oneDnn)
      throws InterruptedException {
    Turns turns = setting.turns(1);
    for (MatrixProduct product : products(setting)) {
      String warm = product.words() + " 0.2";
      String request = product.words() + " 0.08";
      ours.ask(warm);
      turns.add(OURS + product.words(), () -> ours.ask(request));
      if (oneDnn.isPresent()) {
        oneDnn.get().ask(warm);
        turns.add(ONEDNN + product.words(), () -> oneDnn.get().ask(request));
      }
    }
    return turns;
  }

  private static List<MatrixProduct> products(Setting setting) {
    return setting.options().networks().stream()
        .flatMap(net -> net.products().stream())
        .distinct()
        .toList();
  }

  private static Markdown.Table table(Setting setting, Rounds rounds, boolean beside) {
    double peak = setting.quiet().best();
    Markdown.Table table =
        new Markdown.Table(
            "networks", "product", "rows", "in", "out", "ours", "of the peak", "oneDNN", "ratio");
    for (MatrixProduct p : products(setting)) {
      String ours = OURS + p.words();
      String theirs = ONEDNN + p.words();
      table.row(
          networks(setting, p),
          p.kind().formula(),
          "" + p.rows(),
          "" + p.in(),
          "" + p.out(),
          rounds.of(ours).text("%.1f"),
          String.format(Locale.ROOT, "%.2f", rounds.of(ours).median() / peak),
          beside ? rounds.of(theirs).text("%.1f") : "",
          beside ? rounds.ratio(ours, theirs).text("%.2f") : "");
    }
    return table;
  }

  private static String networks(Setting setting, MatrixProduct product) {
    List<String> names = new ArrayList<>();
    for (BenchmarkNetwork net : setting.options().networks()) {
      if (net.products().contains(product)) {
        names.add(net.name());
      }
    }
    return String.join(", ", names);
  }

  private static Markdown.Table bounds(Setting setting, Rounds rounds, boolean beside) {
    Markdown.Table table = new Markdown.Table("network", "ours", "oneDNN", "ratio");
    for (BenchmarkNetwork net : setting.options().networks()) {
      double ours = bound(net, p -> rounds.of(OURS + p.words()).median());
      double theirs = beside ? bound(net, p -> rounds.of(ONEDNN + p.words()).median()) : 0;
      table.row(
          net.name(),
          String.format(Locale.ROOT, "%,.0f", ours),
          beside ? String.format(Locale.ROOT, "%,.0f", theirs) : "",
          beside ? String.format(Locale.ROOT, "%.2f", ours / theirs) : "");
    }
    return table;
  }

  /**
   * Samples/s if a step were nothing but its matrix products.
   *
   * @param rate of each, in GFLOP/s
   */
  static double bound(BenchmarkNetwork net, ToDoubleFunction<MatrixProduct> rate) {
    double seconds =
        net.products().stream()
            .mapToDouble(p -> 1e-9 * p.operations() / rate.applyAsDouble(p))
            .sum();
    return net.batch() / seconds;
  }
}
