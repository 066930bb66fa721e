package io.lockstep.benchmarks.peers;

import io.lockstep.training.RoundTripServer;
import io.lockstep.training.RoundTripWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From a gradient given to all weights received, between a worker's and a parameter server's
 * process, beside gloo's all_reduce of as many bytes between two processes.
 */
final class RoundTripPart implements Part {

  private static final String GLOO = "gloo";
  private static final double WARM_SECONDS = 2;
  private static final double SECONDS = 0.3;

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    setting.requireTwoCores();
    Markdown out = setting.out();
    out.heading(2, "Round trips between two processes");
    out.paragraph(
        "Milliseconds from a gradient given by a worker, summed and applied by a parameter server (momentum), to all weights received; beside gloo's all_reduce of as many bytes. By transport of the data plane; `auto` is what processes of one machine use: shared memory, without checksums; the others verify them.");
    setting.remarkOnTorch();
    List<String> names = new ArrayList<>(setting.options().transports());
    List<String> columns = new ArrayList<>(List.of("bytes"));
    columns.addAll(names);
    columns.addAll(List.of(GLOO, names.getFirst() + " to gloo", "quiet rounds"));
    Markdown.Table table = new Markdown.Table(columns.toArray(String[]::new));
    try (Contestants contestants = new Contestants()) {
      List<Asked> asked = start(setting, contestants);
      for (int bytes : RoundTripServer.BYTES) {
        table.row(row(setting, asked, bytes));
      }
    }
    out.table(table);
  }

  /** Somebody who answers microseconds. */
  private interface Asked {
    double ask(String request) throws InterruptedException;
  }

  private static List<Asked> start(Setting setting, Contestants contestants)
      throws IOException, InterruptedException {
    List<Asked> asked = new ArrayList<>();
    for (String transport : setting.options().transports()) {
      Contestant server = contestants.start(setting.twoCores(), RoundTripServer.class, transport);
      List<String> arguments = new ArrayList<>(List.of(transport));
      arguments.addAll(List.of(server.greeting().split(" ")));
      Contestant worker =
          contestants.start(
              setting.twoCores(), RoundTripWorker.class, arguments.toArray(String[]::new));
      server.ask("start");
      asked.add(worker::ask);
    }
    if (setting.peers().hasTorch()) {
      asked.add(contestants.add(setting.peers().torchAllReduce(setting.twoCores()))::ask);
    }
    return asked;
  }

  private static String[] row(Setting setting, List<Asked> asked, int bytes)
      throws IOException, InterruptedException {
    List<String> names = new ArrayList<>(setting.options().transports());
    names.add(GLOO);
    Turns turns = setting.turns(2);
    for (int i = 0; i < asked.size(); i++) {
      Asked one = asked.get(i);
      one.ask(bytes + " " + WARM_SECONDS);
      turns.add(names.get(i), () -> one.ask(bytes + " " + SECONDS));
    }
    Rounds rounds = turns.run(setting.options().repetitions());
    List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", bytes)));
    for (String name : names.subList(0, asked.size())) {
      cells.add(rounds.of(name).times(1e-3).text("%.3f"));
    }
    boolean beside = asked.size() == names.size();
    if (!beside) {
      cells.add("");
    }
    cells.add(beside ? rounds.ratio(names.getFirst(), GLOO).text("%.2f") : "");
    cells.add(rounds.quiet());
    return cells.toArray(String[]::new);
  }
}
