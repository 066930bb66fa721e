package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

  @SafeVarargs
  private static Set<String> keys(List<String>... settings) {
    return Stream.of(settings)
        .flatMap(List::stream)
        .map(setting -> setting.split("=", 2)[0])
        .collect(Collectors.toSet());
  }
}
