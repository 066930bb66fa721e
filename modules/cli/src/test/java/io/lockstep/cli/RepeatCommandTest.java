package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RepeatCommandTest {

  @TempDir private Path folder;

  private CommandLineRun repeat(int seeds, String... more) {
    List<String> arguments = new ArrayList<>(List.of("repeat", "digits", "--seeds=" + seeds));
    Collections.addAll(arguments, "--out", folder.toString());
    for (String key :
        List.of(
            "data.digits.train=200",
            "data.digits.test=50",
            "train.epochs=1",
            "network.layers=[]")) {
      Collections.addAll(arguments, "--set", key);
    }
    Collections.addAll(arguments, more);
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void trainsEachValueWithEachSeedAndGoesOnWhereItWasBrokenOff() throws IOException {
    String vary = "--vary=train.batch=32,180";
    CommandLineRun first = repeat(1, vary);
    assertThat(first.exitCode()).as(first.err()).isZero();
    Path weights = folder.resolve("batch-32-seed-1").resolve("weights.safetensors");
    byte[] before = Files.readAllBytes(weights);
    Files.delete(folder.resolve("batch-180-seed-1").resolve("run.json"));
    Object written = Files.getLastModifiedTime(weights);

    CommandLineRun second = repeat(2, vary);

    assertThat(second.exitCode()).as(second.err()).isZero();
    String run = first.lines().getFirst().replaceFirst("  \\(.*", "");
    assertThat(first.lines().getFirst()).containsPattern(" {2}\\(1 of 2, [\\d:]+ left\\)$");
    assertThat(second.lines().getFirst()).startsWith(run);
    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
    assertThat(Files.readAllBytes(weights)).isEqualTo(before);
    assertThat(second.out())
        .containsPattern("batch 180, seed 2: training loss [\\d.]+, test loss [\\d.]+, test acc")
        .containsPattern("batch 32 +training loss +2 +[\\d.]+");
    List<String> csv = Files.readAllLines(folder.resolve("repeat.csv"));
    assertThat(csv).hasSize(5);
    assertThat(csv.getFirst()).isEqualTo("train.batch,seed,trainLoss,testLoss,testAccuracy");
    assertThat(csv.get(1)).startsWith("32,1,");
    assertThat(csv.get(1).split(",")[2]).isNotEqualTo(csv.get(2).split(",")[2]);
    assertThat(Files.readString(folder.resolve("repeat.svg"))).contains("repeated with 2 seeds");
    assertThat(folder.resolve("repeat.png")).isNotEmptyFile();

    CommandLineRun other = repeat(1, vary, "--set", "optimizer.learningRate=0.5");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("batch-32-seed-1: expected a run of the same configuration");
  }

  @Test
  void combinesTheValuesOfAllOptions() {
    List<Variation> all = Variation.all(List.of("train.batch=1, 2", "optimizer.learningRate=3,4"));

    assertThat(all)
        .extracting(Variation::name)
        .containsExactly(
            "batch 1, learningRate 3",
            "batch 1, learningRate 4",
            "batch 2, learningRate 3",
            "batch 2, learningRate 4");
    assertThat(all.getLast().folder(7)).isEqualTo("batch-2-learningRate-4-seed-7");
    assertThat(Variation.all(List.of()).getFirst().folder(7)).isEqualTo("seed-7");
  }

  @Test
  void aValueMayBeAList() {
    List<Variation> all =
        Variation.all(List.of("network.layers=[],[{type=dense,units=3},{type=dense,units=4}]"));

    assertThat(all)
        .extracting(variation -> variation.values().get("network.layers"))
        .containsExactly("[]", "[{type=dense,units=3},{type=dense,units=4}]");
    assertThatThrownBy(() -> Variation.all(List.of("network.layers=[{units=3]")))
        .hasMessage(
            "--vary: expected brackets and quotes in pairs but found network.layers=[{units=3]");
  }

  @Test
  void refusesWhatItCannotVary() {
    for (String wrong : List.of("train.batch", "=3", "train.batch=", "train.batch=1,,2")) {
      assertThatThrownBy(() -> Variation.all(List.of(wrong)))
          .hasMessageContaining("--vary: expected KEY=VALUE,VALUE")
          .hasMessageEndingWith("but found " + wrong);
    }
    assertThatThrownBy(() -> Variation.all(List.of("a=1", "a=2"))).hasMessageContaining("a again");
    assertThatThrownBy(() -> Variation.all(List.of("train.seed=1")))
        .hasMessageContaining("--seeds");
    refused("--seeds: expected at least 1 but found 0", repeat(0));
    refused(
        "--set train.seed = 4: expected any key but train.seed, which --seeds varies",
        repeat(1, "--set", "train.seed = 4"));
    refused("train.batch: expected", repeat(1, "--vary=train.batch=32,none"));
    refused("did you mean train.batch?", repeat(1, "--vary=train.bacth=32"));
  }

  private void refused(String message, CommandLineRun run) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
