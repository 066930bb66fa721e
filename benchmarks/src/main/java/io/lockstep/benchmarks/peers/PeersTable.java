package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Measures Lockstep beside its peers and writes the tables that the documentation shows; says for
 * each peer that is missing how to get it, and measures ours alone then.
 */
public final class PeersTable {

  private PeersTable() {}

  /** By name, in their order in the document. */
  private static Map<String, Part> parts() {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("machine", new MachinePart());
    parts.put("peak", new PeakPart());
    parts.put("products", new ProductsPart());
    parts.put("step", new StepPart());
    parts.put("workers", new WorkersPart());
    parts.put("processes", new ProcessesPart());
    parts.put("roundtrip", new RoundTripPart());
    parts.put("start", new StartPart());
    return parts;
  }

  /** Runs it; exit code 1 if a part failed, 2 if the arguments are not understood. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path committed = Path.of(System.getProperty("lockstep.home"), "benchmarks", "RESULTS.md");
    try {
      Options options = Options.parse(arguments, parts().keySet(), committed);
      System.exit(measure(options, Peers.find(), String.join(" ", arguments)) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(2);
    }
  }

  private static boolean measure(Options options, Peers peers, String arguments)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Cores cores = Cores.ofThisProcess();
    Markdown out = new Markdown(options.output(), System.out);
    out.heading(1, "Lockstep beside its peers");
    out.paragraph(
        "Written by `benchmarks/run peers%s`. Medians, with quartiles in brackets; ratios are medians of the ratios within a round. What is compared is taken in turn, and a round counts only if it was quiet: before and after it every core in use reaches 95 %% of the best rate of fused multiply-adds that was seen, and in between other processes use less than 5 %% of a core. Disturbed rounds are repeated, at most as many as were asked for; if none was quiet, all count."
            .formatted(arguments.isEmpty() ? "" : " " + arguments));
    boolean all = true;
    try (Quiet quiet = new Quiet(cores.last(2))) {
      Setting setting = new Setting(options, cores, quiet, peers, out);
      for (String part : options.parts()) {
        all &= measured(part, setting);
      }
      out.paragraph(
          String.format(
              Locale.ROOT,
              "The quickest core reached %.1f GFLOP/s; all of this took %.1f minutes.",
              quiet.best(),
              (System.nanoTime() - begin) * 1e-9 / 60));
    }
    return all;
  }

  /** A part that fails leaves the others be. */
  private static boolean measured(String part, Setting setting)
      throws IOException, InterruptedException {
    try {
      parts().get(part).measure(setting);
      return true;
    } catch (IllegalStateException e) {
      setting.out().paragraph("Part `%s` was not measured: %s".formatted(part, e.getMessage()));
      return false;
    }
  }
}
