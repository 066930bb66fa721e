package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.cluster.NodeFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ChaosTest {

  private static final List<String> WORKERS = List.of("worker-0", "worker-1");
  private static final List<String> SERVERS = List.of("server-0");

  private static List<Interruption> read(String text) {
    return new Chaos.Converter().convert(text).interruptions();
  }

  private static void check(List<Interruption> asked) {
    Interruptions.check(asked, WORKERS, SERVERS);
  }

  @Test
  void readsFailuresOfANode() {
    Duration three = Duration.ofSeconds(3);
    assertThat(read("100:kill:worker-1"))
        .containsExactly(new Fault(100, "worker-1", new NodeFault.Kill()));
    assertThat(read("7:pause:any:3"))
        .containsExactly(new Fault(7, "any", new NodeFault.Pause(three)));
    assertThat(read("7:slow:any:2.5"))
        .containsExactly(new Fault(7, "any", new NodeFault.Slow(2.5, NodeFault.FOR_GOOD)));
    assertThat(read("7:slow:any:4:3"))
        .containsExactly(new Fault(7, "any", new NodeFault.Slow(4, three)));
    assertThat(read("7:drop:any")).containsExactly(new Fault(7, "any", new NodeFault.Drop()));
    assertThat(read("7:delay:any:20:3"))
        .containsExactly(new Fault(7, "any", new NodeFault.Delay(Duration.ofMillis(20), three)));
    assertThat(read("7:cut:any:3")).containsExactly(new Fault(7, "any", new NodeFault.Cut(three)));
    assertThat(read("7:cut:any"))
        .containsExactly(new Fault(7, "any", new NodeFault.Cut(NodeFault.FOR_GOOD)));
  }

  @Test
  void readsHolds() {
    assertThat(read("9:hold:2"))
        .containsExactly(new Hold(9, Hold.Until.TIME, Duration.ofSeconds(2)));
    assertThat(read("9:hold:joined:60"))
        .containsExactly(new Hold(9, Hold.Until.JOINED, Duration.ofSeconds(60)));
  }

  @Test
  void randomFailuresAreThoseOfTheirSeed() {
    List<Interruption> faults = read("random:7:20");

    assertThat(faults).hasSize(40).isEqualTo(read("random:7:20:kill"));
    assertThat(faults).extracting(Interruption::step).isSorted().doesNotHaveDuplicates();
    assertThat(faults).isNotEqualTo(read("random:8:20"));
    check(faults);
  }

  @Test
  void randomFailuresAreOfTheKindsAskedFor() {
    List<Interruption> faults = read("random:7:200:pause,slow,drop,delay,cut,hold");

    assertThat(faults).hasSize(200).hasAtLeastOneElementOfType(Hold.class);
    assertThat(faults)
        .filteredOn(Fault.class::isInstance)
        .extracting(one -> ((Fault) one).what().getClass().getSimpleName())
        .containsOnly("Pause", "Slow", "Drop", "Delay", "Cut");
    check(faults);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'';a failure, such as 100:kill:worker-1, 100:slow:any:3:20 or random:7:20",
        "5:explode:a;a failure, such as 100:kill:worker-1",
        "kill:worker-1;STEP:kill:NODE, such as 100:kill:worker-1",
        "0:kill:a;STEP:kill:NODE",
        "5:kill:;STEP:kill:NODE",
        "5:kill:a:3;STEP:kill:NODE",
        "5:pause:a;STEP:pause:NODE:SECONDS",
        "5:slow:a;STEP:slow:NODE:TIMES[:SECONDS]",
        "5:slow:a:0.5;STEP:slow:NODE:TIMES[:SECONDS]",
        "5:delay:a:5;STEP:delay:NODE:MILLISECONDS:SECONDS",
        "5:drop:a:5;STEP:drop:NODE",
        "5:cut:a:x;STEP:cut:NODE[:SECONDS]",
        "5:hold;STEP:hold[:joined|left|lost]:SECONDS",
        "5:hold:0;STEP:hold[:joined|left|lost]:SECONDS",
        "5:hold:never:3;STEP:hold[:joined|left|lost]:SECONDS",
        "random:1:0;random:SEED:COUNT[:KIND,KIND,…]",
        "random:1:5:explode;random:SEED:COUNT[:KIND,KIND,…]",
        "random:1:5:kill,;random:SEED:COUNT[:KIND,KIND,…]"
      })
  void saysWhatItExpects(String text, String form) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("expected " + form)
        .hasMessageContaining("but found '%s'".formatted(text));
  }

  @ParameterizedTest
  @CsvSource({
    "5:pause:a:100000, (SECONDS: 1 to 99999)",
    "5:slow:a:10000, '(TIMES: 1 to 9999, SECONDS: 1 to 99999)'",
    "5:delay:a:1:100000, (both 1 to 99999)",
    "random:1:1000, (COUNT: 1 to 999)"
  })
  void namesTheLimit(String text, String limit) {
    assertThatThrownBy(() -> read(text)).hasMessageContaining(limit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100:kill:worker-1",
        "7:pause:any:3",
        "7:slow:any:2.5",
        "7:slow:any:2.5:3",
        "7:delay:any:20:3",
        "7:cut:any",
        "9:hold:2",
        "9:hold:joined:60"
      })
  void isNamedAsItWasAskedFor(String text) {
    assertThat(read(text).getFirst().option()).isEqualTo("--chaos " + text);
  }

  @ParameterizedTest
  @CsvSource({
    "5:kill:worker-7, 'expected one of server-0, worker-0, worker-1, or any, but found worker-7'",
    "9:pause:any:3, found two at step 9",
    "9:hold:3, found two at step 9",
    "10:kill:any, found none after step 10"
  })
  void refusesWhatCannotHappen(String text, String why) {
    List<Interruption> all = new ArrayList<>(read("9:kill:worker-1"));
    all.addAll(read(text));

    assertThatThrownBy(() -> check(all))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aServerIsNoWorkerThatIsMissing() {
    List<Interruption> all = new ArrayList<>(read("9:kill:worker-1"));
    all.addAll(read("10:kill:server-0"));

    check(all);
  }

  @Test
  void whatDidNotHappenIsSaidAtTheEnd(@TempDir Path folder) {
    List<String> arguments = new ArrayList<>(List.of("train", "digits", "--workers=2"));
    arguments.add("--out=" + folder.resolve("run"));
    for (String key :
        List.of("data.digits.train=200", "train.epochs=1", "train.batch=64", "network.layers=[]")) {
      arguments.add("--set=" + key);
    }
    arguments.add("--chaos=2:pause:any:1");
    arguments.add("--chaos=random:7:3:drop");

    CommandLineRun trained = CommandLineRun.of(arguments.toArray(String[]::new));

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err())
        .containsPattern(
            "lockstep: --chaos 20:drop:any, --chaos \\d+:drop:any, --chaos \\d+:drop:any did not"
                + " happen: the run ended at step \\d\n")
        .doesNotContain("pause");
  }
}
