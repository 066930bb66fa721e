package io.lockstep.benchmarks.peers;

import io.lockstep.data.DataEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From the command to the first step, and to a given accuracy on MNIST's test images, beside
 * PyTorch's process from its start; and the most memory that each has.
 */
final class StartPart implements Part {

  private static final String TORCH = "PyTorch, one core";

  /** How a run goes. */
  private record Way(String name, Cores cores, int workers) {}

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    setting.requireTwoCores();
    Markdown out = setting.out();
    out.heading(2, "From the command on");
    Optional<Path> mnist = mnist();
    if (mnist.isEmpty()) {
      out.paragraph(
          "Not measured: expected MNIST in the folder that LOCKSTEP_DATA names, or in the user's cache; `bin/lockstep data mnist` fetches it.");
      return;
    }
    setting.remarkOnTorch();
    try (MnistRuns runs = new MnistRuns(setting)) {
      measure(setting, runs, mnist.get());
    }
  }

  private static void measure(Setting setting, MnistRuns runs, Path mnist)
      throws IOException, InterruptedException {
    Rounds first = firstSteps(setting, runs, mnist).run(setting.options().repetitions());
    Rounds trained = trainings(setting, runs, mnist).run(setting.options().longRepetitions());
    setting
        .out()
        .paragraph(
            "Seconds from the start of the command, built before, to the end of its first step, and until the weights have an accuracy on the test images (MNIST, 784-512-256-10, SGD, learning rate 0.05, momentum 0.9, 128 rows a step; each round with another seed; looked at every 100 steps, which is not counted); and the most memory, in MB, that the process had. Quiet rounds: %s and %s."
                .formatted(first.quiet(), trained.quiet()));
    setting.out().table(table(setting, first, trained));
  }

  private static Markdown.Table table(Setting setting, Rounds first, Rounds trained) {
    boolean beside = setting.peers().hasTorch();
    List<String> names = new ArrayList<>(ways(setting).stream().map(Way::name).toList());
    if (beside) {
      names.add(TORCH);
    }
    Markdown.Table table =
        new Markdown.Table("", "first step", "to 97 %", "to 98 %", "98 %, to PyTorch's", "memory");
    for (String name : names) {
      table.row(
          name,
          first.of(name).text("%.2f"),
          trained.of(to(name, 0)).text("%.2f"),
          trained.of(to(name, 1)).text("%.2f"),
          beside ? trained.ratio(to(name, 1), to(TORCH, 1)).text("%.2f") : "",
          trained.of(memory(name)).text("%.0f"));
    }
    return table;
  }

  private static List<Way> ways(Setting setting) {
    return List.of(
        new Way("1 worker, one core", setting.oneCore(), 1),
        new Way("1 worker, two cores", setting.twoCores(), 1),
        new Way("2 workers, two cores", setting.twoCores(), 2));
  }

  private static Turns firstSteps(Setting setting, MnistRuns runs, Path mnist)
      throws IOException, InterruptedException {
    Turns turns = setting.turns(2);
    for (Way way : ways(setting)) {
      runs.firstStep(way.cores(), way.workers()); // Builds what is to be built.
      turns.add(way.name(), () -> runs.firstStep(way.cores(), way.workers()));
    }
    if (setting.peers().hasTorch()) {
      turns.add(TORCH, () -> runs.torchFirstStep(mnist));
    }
    return turns;
  }

  private static Turns trainings(Setting setting, MnistRuns runs, Path mnist) {
    Turns turns = setting.turns(2);
    Map<String, Integer> seeds = new HashMap<>();
    for (Way way : ways(setting)) {
      addTraining(
          turns,
          way.name(),
          () ->
              runs.toAccuracies(
                  way.cores(), way.workers(), seeds.merge(way.name(), 1, Integer::sum)));
    }
    if (setting.peers().hasTorch()) {
      addTraining(
          turns, TORCH, () -> runs.torchToAccuracies(mnist, seeds.merge(TORCH, 1, Integer::sum)));
    }
    return turns;
  }

  /** Trains once a round. */
  @FunctionalInterface
  private interface Trained {
    TimedRun run() throws IOException, InterruptedException;
  }

  /** One run yields several figures: the first of them runs it. */
  private static void addTraining(Turns turns, String name, Trained training) {
    TimedRun[] newest = new TimedRun[1];
    turns.add(
        to(name, 0),
        () -> {
          newest[0] = training.run();
          return newest[0].seconds().get(0);
        });
    turns.add(to(name, 1), () -> newest[0].seconds().get(1));
    turns.add(memory(name), () -> newest[0].megabytes());
  }

  private static String to(String name, int accuracy) {
    return name + " to " + MnistRuns.ACCURACIES.get(accuracy);
  }

  private static String memory(String name) {
    return name + " memory";
  }

  private static Optional<Path> mnist() {
    DataEnvironment environment = DataEnvironment.ofProcess();
    return Stream.of(environment.dataFolder("mnist"), environment.cacheFolder("mnist"))
        .filter(Objects::nonNull)
        .filter(folder -> Files.exists(folder.resolve("train-images-idx3-ubyte.gz")))
        .findFirst();
  }
}
