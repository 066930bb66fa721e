package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.cli.Fault.Chaos;
import io.lockstep.cli.Fault.Kind;
import io.lockstep.cluster.launch.LaunchPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class FaultTest {

  private static final LaunchPlan PLAN =
      LaunchPlan.local(new LaunchPlan.Wish(OptionalInt.of(2), 1, 1));

  private static Chaos read(String text) {
    return new Fault.Converter().convert(text);
  }

  @Test
  void readsKillsAndPauses() {
    assertThat(read("100:kill:worker-1").interruptions())
        .containsExactly(new Fault(100, Kind.KILL, "worker-1", Duration.ZERO));
    assertThat(read("7:pause:any:20").interruptions())
        .containsExactly(new Fault(7, Kind.PAUSE, "any", Duration.ofSeconds(20)));
  }

  @Test
  void randomFaultsAreThoseOfTheirSeed() {
    List<Interruption> faults = read("random:7:20").interruptions();

    assertThat(faults).hasSize(40).isEqualTo(read("random:7:20").interruptions());
    assertThat(faults).extracting(Interruption::step).isSorted().doesNotHaveDuplicates();
    assertThat(faults).isNotEqualTo(read("random:8:20").interruptions());
    Interruptions.check(faults, PLAN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kill:worker-1", "0:kill:a", "5:kill:", "5:pause:a", "random:1:0"})
  void saysWhatItExpects(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("expected STEP:kill:NODE")
        .hasMessageEndingWith("but found '%s'".formatted(text));
  }

  @ParameterizedTest
  @CsvSource({
    "5:kill:worker-7, 'expected one of server-0, worker-0, worker-1, or any, but found worker-7'",
    "9:pause:any:3, at step 9 twice"
  })
  void refusesWhatCannotHappen(String text, String why) {
    List<Interruption> all = new ArrayList<>(read("9:kill:worker-1").interruptions());
    all.addAll(read(text).interruptions());

    assertThatThrownBy(() -> Interruptions.check(all, PLAN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesToLeaveNoWorker() {
    List<Interruption> all = new ArrayList<>(read("9:kill:worker-1").interruptions());
    all.addAll(read("10:kill:any").interruptions());

    assertThatThrownBy(() -> Interruptions.check(all, PLAN))
        .hasMessageContaining("at step 10 that leaves none");
  }
}
