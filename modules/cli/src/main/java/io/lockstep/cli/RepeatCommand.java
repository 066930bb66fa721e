package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.RunFolder;
import io.lockstep.report.RepeatedRuns;
import io.lockstep.report.RepeatedRuns.Result;
import io.lockstep.report.RepeatedRunsPicture;
import io.lockstep.report.drawing.Drawing;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep repeat}. */
@Command(
    name = "repeat",
    description = "Trains a network with many seeds and draws how losses are distributed.",
    footer = {
      "",
      "Seeds decide first weights, dropout and the order of rows. In DIR are the runs, repeat.csv with a line for each, and the picture, repeat.png and repeat.svg. With --out the same command again goes on where it was broken off.",
      "",
      "Examples:",
      "  lockstep repeat digits --seeds 5",
      "  lockstep repeat digits --vary train.batch=32,1024 --out runs/batches"
    })
final class RepeatCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ConfOptions conf = new ConfOptions();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many: train.seed is 1 to N (default: 10).")
  private int seeds = 10;

  @Option(
      names = "--vary",
      paramLabel = "KEY=VALUES",
      description =
          "Trains with each of these values of a key, with commas between them (those in brackets belong to a value); may be repeated, for all combinations.")
  private List<String> vary = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for all that (default: runs/NAME-repeated-TIME).")
  private Path out;

  RepeatCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new BadInputException("--seeds: expected at least 1 but found " + seeds);
    }
    for (String set : conf.settings()) {
      if (set.strip().matches("train\\.seed\\s*[=:].*")) {
        throw new BadInputException(
            "--set %s: expected any key but train.seed, which --seeds varies".formatted(set));
      }
    }
    List<Variation> variations = Variation.all(vary);
    for (Variation variation : variations) {
      configuration(variation, 1); // Refused before anything is trained.
    }
    Path folder = folder();
    RemainingRuns remaining = new RemainingRuns(seeds * variations.size(), System::nanoTime);
    List<List<Result>> results = new ArrayList<>();
    variations.forEach(variation -> results.add(new ArrayList<>()));
    for (long seed = 1; seed <= seeds; seed++) {
      for (int i = 0; i < variations.size(); i++) {
        Variation variation = variations.get(i);
        Result result =
            new RepeatedRun(folder.resolve(variation.folder(seed)), terminal)
                .result(configuration(variation, seed));
        results.get(i).add(result);
        String line = RepeatText.line(variation, result);
        terminal.out().println(line + remaining.afterOne());
      }
    }
    List<RepeatedRuns> kinds = new ArrayList<>();
    for (int i = 0; i < variations.size(); i++) {
      kinds.add(new RepeatedRuns(variations.get(i).name(), List.copyOf(results.get(i))));
    }
    keep(folder, variations, kinds, configuration(variations.getFirst(), 1).name());
    return ExitCode.OK;
  }

  private Configuration configuration(Variation variation, long seed) {
    return conf.load(variation.overrides(seed));
  }

  private Path folder() {
    String name = conf.load(Overrides.NONE).name();
    return out != null
        ? out
        : RunFolder.usualPath(RunArgument.RUNS, name + "-repeated", LocalDateTime.now());
  }

  private void keep(
      Path folder, List<Variation> variations, List<RepeatedRuns> kinds, String name) {
    RepeatText.writeCsv(folder.resolve("repeat.csv"), variations, kinds);
    Drawing picture =
        new RepeatedRunsPicture(
                "%s, repeated with %s".formatted(name, Figures.count(seeds, "seed")), kinds)
            .draw();
    new PictureFile(folder.resolve("repeat.svg")).write(picture);
    PictureFile png = new PictureFile(folder.resolve("repeat.png"));
    png.write(picture);
    terminal.out().println();
    RepeatText.table(kinds).lines().forEach(terminal.out()::println);
    terminal.out().println();
    terminal.out().println("picture: " + png.path());
  }
}
