package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.util.Locale;

/** The limits of one core, and how near Lockstep's kernels without a product come to them. */
final class PeakPart implements Part {

  /** Of each array: in the first, the second, the third level of caches, and beyond them. */
  private static final int[] KILOBYTES = {8, 128, 4 << 10, 128 << 10};

  private static final String FMA = "fma";

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    Markdown out = setting.out();
    out.heading(2, "One core");
    try (Contestants contestants = new Contestants()) {
      Contestant probe = contestants.start(setting.oneCore(), CoreProbe.class);
      Contestant ours = contestants.start(setting.oneCore(), KernelsContestant.class);
      Rounds rounds = turns(setting, probe, ours).run(setting.options().repetitions());
      out.paragraph(
          "Fused multiply-adds on registers alone: %s GFLOP/s. GB/s read and written, by the size of each array (triad: a = b + s·c; scale: a = s·b); quiet rounds: %s."
              .formatted(rounds.of(FMA).text("%.1f"), rounds.quiet()));
      Markdown.Table table =
          new Markdown.Table(
              "array", "triad", "scale", "update (momentum)", "of triad", "ReLU", "of scale");
      for (int kilobytes : KILOBYTES) {
        table.row(row(rounds, kilobytes));
      }
      out.table(table);
    }
  }

  private static Turns turns(Setting setting, Contestant probe, Contestant ours) {
    Turns turns = setting.turns(1).add(FMA, () -> probe.ask("fma 0.2"));
    for (int kilobytes : KILOBYTES) {
      for (String what : new String[] {"triad", "scale", "update", "relu"}) {
        String request = what + " " + kilobytes;
        Contestant asked = what.equals("triad") || what.equals("scale") ? probe : ours;
        turns.add(request, () -> asked.ask(request + " 0.1"));
      }
    }
    return turns;
  }

  private static String[] row(Rounds rounds, int kilobytes) {
    String triad = "triad " + kilobytes;
    String scale = "scale " + kilobytes;
    String update = "update " + kilobytes;
    String relu = "relu " + kilobytes;
    return new String[] {
      kilobytes < 1024 ? kilobytes + " KB" : kilobytes / 1024 + " MB",
      rounds.of(triad).text("%.1f"),
      rounds.of(scale).text("%.1f"),
      rounds.of(update).text("%.1f"),
      String.format(Locale.ROOT, "%.2f", rounds.ratio(update, triad).median()),
      rounds.of(relu).text("%.1f"),
      String.format(Locale.ROOT, "%.2f", rounds.ratio(relu, scale).median())
    };
  }
}
