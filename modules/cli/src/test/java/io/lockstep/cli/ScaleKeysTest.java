package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScaleKeysTest {

  @Test
  void allThatIsSetIsTaken() {
    Set<String> taken = ScaleKeys.taken(new ScaleLength.Seconds(15));
    assertThat(taken)
        .containsAll(keys(ScaleKeys.OF_ALL, ScaleKeys.ofSteps(9), ScaleKeys.ofPilot()))
        .contains("cluster.workers", "cluster.servers", "train.batch");
    assertThat(ScaleKeys.taken(new ScaleLength.Steps(9))).isEqualTo(taken);
  }

  @Test
  void untilATargetEpochsAreTheUsers() {
    ScaleTarget target = new ScaleTarget(ScaleTarget.Figure.LOSS, 1);
    assertThat(ScaleKeys.taken(new ScaleLength.Until(target)))
        .containsAll(keys(ScaleKeys.OF_ALL, ScaleKeys.ofAllEpochs()))
        .contains("train.reportEvery")
        .doesNotContain("train.epochs");
  }

  @Test
  void reportsAreManyInARunAndInAnEpoch() {
    assertThat(ScaleKeys.ofSteps(36_000)).contains("train.reportEvery=150");
    assertThat(ScaleKeys.ofSteps(9)).contains("train.reportEvery=1");
    assertThat(ScaleKeys.ofEpochs(3, 36_000)).contains("train.reportEvery=150");
    assertThat(ScaleKeys.ofEpochs(240, 36_240)).contains("train.reportEvery=37");
    assertThat(ScaleKeys.ofEpochs(300, 600)).contains("train.reportEvery=1");
  }

  @Test
  void refusesWhatWouldBeLost() {
    ScaleLength steps = new ScaleLength.Steps(9);
    refused(
        "--set train.batch=3: expected any key but train.batch, which this command has options for",
        steps,
        "train.batch=3");
    refused(
        "--set train.maxSteps=3: expected any key but train.maxSteps, which this command sets itself in all runs",
        steps,
        "train.maxSteps=3");
    refused("any key but train.maxSteps,", steps, "\"train\".maxSteps=500");
    refused("any key but train.maxSteps,", steps, " train.\"maxSteps\" = 500");
    refused(
        "--set cluster={workers=4}: expected single keys, such as cluster.KEY=VALUE, found all of cluster",
        steps,
        "cluster={workers=4}");
    refused("found all of train", steps, "train={maxSteps=500, maxTime=60}");
    refused(
        "expected single keys, such as train.earlyStopping.KEY=VALUE, found all of train.earlyStopping",
        steps,
        "train.earlyStopping={patience=3}");
    refused("any key but train.epochs,", steps, "kernels=scalar", "train.epochs=3");
  }

  @Test
  void leavesOtherKeysToTheUser() {
    ScaleTarget target = new ScaleTarget(ScaleTarget.Figure.LOSS, 1);
    ScaleKeys.requireFree(List.of("train.epochs=3"), new ScaleLength.Until(target));
    ScaleKeys.requireFree(
        List.of("optimizer={kind=adam}", "train.microBatches=8", "trainer=1", "data.a.\"b=c\"=1"),
        new ScaleLength.Seconds(15));
  }

  private static void refused(String message, ScaleLength length, String... settings) {
    assertThatThrownBy(() -> ScaleKeys.requireFree(List.of(settings), length))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @SafeVarargs
  private static Set<String> keys(List<String>... settings) {
    return Stream.of(settings)
        .flatMap(List::stream)
        .map(setting -> setting.split("=", 2)[0])
        .collect(Collectors.toSet());
  }
}
