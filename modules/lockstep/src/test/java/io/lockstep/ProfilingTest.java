package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.PassScript.Await;
import io.lockstep.forecast.PassScript.Compute;
import io.lockstep.forecast.PassScript.Ready;
import io.lockstep.forecast.PassScript.SumsReady;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.WireCosts;
import io.lockstep.kernels.Activation;
import io.lockstep.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A measured profile, and the file it is kept in. */
@Timeout(120)
class ProfilingTest {

  @TempDir Path temp;

  private static Profile profile() {
    PassScript script =
        new PassScript(
            1,
            List.of(
                new Compute(1_234.0625),
                new Await(0, 4_096),
                new Compute(0.1),
                new SumsReady(),
                new Ready(0, floats())));
    WireCosts.Path path =
        new WireCosts.Path(
            new WireCosts.Frames(1, 0.02, 3, 0.04, 5, 0.06),
            new WireCosts.Frames(11, 0.12, 13, 0.14, 15, 0.16),
            8,
            7);
    return new Profile(
        new Profile.Machine("a processor", 2, "25", "0.1.0 (unknown)", 0),
        new PassCosts(List.of(script), 99.5, List.of(1.0, 1.25)),
        new AggregationCosts(0.25, 0.125, 0.5),
        new WireCosts(path, path, 40_000));
  }

  private static int floats() {
    return Jobs.of(configuration().build(), SmallData.DIGITS).network().parameters().packedLength();
  }

  private static Profiling profiling(ConfigurationBuilder configuration) {
    return Profiling.create(configuration.build(), SmallData.DIGITS);
  }

  private static ConfigurationBuilder configuration() {
    return Configuration.builder().dense(24, Activation.RELU).batch(64);
  }

  @Test
  void aProfileThatWasWrittenIsReadAsItWas() {
    Path file = temp.resolve("profile.json");
    profiling(configuration()).write(profile(), file);

    assertThat(profiling(configuration()).read(file)).isEqualTo(profile());
  }

  @Test
  void holdsForLongerRunsAndLargerStepsOfTheSameMicroBatches() {
    Path file = temp.resolve("profile.json");
    profiling(configuration()).write(profile(), file);

    ConfigurationBuilder other = configuration().batch(128).epochs(7).workers(4).seed(5);
    assertThat(profiling(other).read(file)).isEqualTo(profile());
  }

  @Test
  void refusesTheProfileOfAnotherModel() {
    Path file = temp.resolve("profile.json");
    profiling(configuration()).write(profile(), file);

    assertThatThrownBy(
            () ->
                profiling(Configuration.builder().dense(32, Activation.RELU).batch(64)).read(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file
                + ": profile of another model: network.layers[0].units: expected 32, found 24;"
                + " have this one measured anew");
    assertThatThrownBy(() -> profiling(configuration().microBatches(4)).read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("rows of a micro-batch: expected 16, found 32");
  }

  @Test
  void refusesWhatIsNoProfile() throws IOException {
    Profiling profiling = profiling(configuration());
    Path file = temp.resolve("profile.json");

    assertThatThrownBy(() -> profiling.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("profile.json: expected a profile")
        .hasMessageContaining("found no such file");
    for (String content : List.of("", "null", "{}", "{\"model\":", "[1]", "{\"passes\":{}}")) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> profiling.read(file))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("profile.json: expected a profile");
    }
  }

  @Test
  void saysWhatADamagedProfileLacks() throws IOException {
    Profiling profiling = profiling(configuration());
    Path file = temp.resolve("profile.json");
    profiling.write(profile(), file);
    String whole = Files.readString(file);

    for (String damage : List.of("4096 ]=]", "\"slowdowns\"=\"slow\"", "\"await\"=\"wait\"")) {
      String[] change = damage.split("=");
      assertThat(whole).contains(change[0]);
      Files.writeString(file, whole.replace(change[0], change[1]));
      assertThatThrownBy(() -> profiling.read(file))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("profile.json: expected a profile")
          .hasMessageMatching("(?s).*found .+");
    }
    Files.writeString(file, whole.replace("\"wire\"", "\"wires\""));
    assertThatThrownBy(() -> profiling.read(file)).hasMessageEndingWith("found no valid \"wire\"");
  }

  /** A figure that is missing, misspelt or below zero would be a forecast that is too fast. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          "evaluationNanos" : 99.5     | "evaluationNano" : 99.5      | passes.evaluationNanos
          "addNanos" : 0.25            | "adding" : 0.25              | aggregation.addNanos
          "handNanos" : 1.0            | "handNanos" : null           | wire.sockets.behind.handNanos
          "controlNanos" : 40000.0     | "controlNanos" : -1.0        | wire
          "updateNanos" : 0.5          | "updateNanos" : -0.5         | aggregation
          "cores" : 2                  | "cores" : 0                  | machine
          "taken" : 0.0                | "taken" : 1.5                | machine
          "jdk" : "25"                 | "jdk" : null                 | machine
          "lockstep" : "0              | "lockste" : "0               | machine
          "leaves" : 1                 | "leaves" : 2                 | passes
          "await" : [ 0, 4096 ]        | "await" : [ 0, 99999999 ]    | passes
          "ready" : [ 0                | "ready" : [ 1                | passes
          "sumsReady" : true           | "ready" : [ 0, 1 ]           | passes
          """)
  void refusesFiguresThatMakeNoSense(String from, String to, String place) throws IOException {
    Profiling profiling = profiling(configuration());
    Path file = temp.resolve("profile.json");
    profiling.write(profile(), file);
    String whole = Files.readString(file);
    assertThat(whole).contains(from);

    Files.writeString(file, whole.replaceFirst(Pattern.quote(from), to));

    assertThatThrownBy(() -> profiling.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("found no valid \"" + place + "\"");
  }

  @Test
  void measuresThisMachine() {
    List<Double> progress = new ArrayList<>();
    Profiling profiling = profiling(configuration());

    Profile profile = profiling.run((what, done) -> progress.add(done));

    assertThat(progress).isSorted().startsWith(0.0).hasSizeGreaterThan(4);
    assertThat(profile.passes().scripts().stream().map(PassScript::leaves))
        .containsExactly(1, 2, 4, 8, 16);
    assertThat(profile.passes().slowdowns())
        .hasSize(Runtime.getRuntime().availableProcessors())
        .startsWith(1.0);
    assertThat(profile.passes().evaluationNanos()).isPositive();
    assertThat(profile.wire().controlNanos()).isPositive();
    Path file = temp.resolve("profile.json");
    profiling.write(profile, file);
    assertThat(profiling.read(file)).isEqualTo(profile);
  }
}
