package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.config.ConfigurationException;
import io.lockstep.training.RunEvent;
import io.lockstep.training.trace.TraceWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TracedTrainingTest {

  @TempDir Path temp;

  private JsonNode trace(Training training) throws IOException {
    Path folder = temp.resolve("run");
    training.run(folder);
    return new ObjectMapper().readTree(folder.resolve("trace.json").toFile());
  }

  @Test
  void theFileSaysWhatHappenedInWhichStep() throws IOException {
    Training training = SmallData.training(SmallData.configuration().workers(2).servers(1));
    JsonNode file = trace(training.trace(new TraceWindow(4, 2)));

    assertThat(file.at("/otherData/firstStep").asInt()).isEqualTo(4);
    assertThat(file.at("/otherData/missing").isEmpty()).isTrue();
    Set<String> names = new HashSet<>();
    Set<Integer> steps = new HashSet<>();
    for (JsonNode event : file.get("traceEvents")) {
      if (event.get("ph").asText().equals("X")) {
        names.add(event.get("name").asText());
        steps.add(event.at("/args/step").asInt());
        assertThat(event.get("ts").asDouble()).isNotNegative();
        assertThat(event.get("dur").asDouble()).isNotNegative();
      }
    }
    assertThat(names)
        .contains("step", "pass", "rows", "loss", "forward output", "backward output")
        .contains("hand over b0", "sum b0", "update b0", "publish b0");
    assertThat(steps).containsExactlyInAnyOrder(4, 5);
  }

  private static List<RunEvent> events(Training training, Path folder) {
    List<RunEvent> events = new ArrayList<>();
    training.addListener(
        new TrainingListener() {
          @Override
          public void onEvent(RunEvent event) {
            events.add(event);
          }
        });
    training.run(folder);
    return events;
  }

  /** Of two slices of a thread one is within the other, or they do not meet: as written. */
  @Test
  void theSlicesOfEachThreadOfEachNodeAreNested() throws IOException {
    Training training = SmallData.training(SmallData.configuration().workers(2).servers(1));
    JsonNode file = trace(training.overSockets().trace(new TraceWindow(4, 2)));

    assertThat(file.at("/otherData/nodes").fieldNames())
        .toIterable()
        .containsExactly("server-0", "worker-0", "worker-1");
    Map<String, Deque<BigDecimal>> ends = new HashMap<>();
    for (JsonNode event : file.get("traceEvents")) {
      if (event.get("ph").asText().equals("X")) {
        BigDecimal begin = new BigDecimal(event.get("ts").asText());
        BigDecimal end = begin.add(new BigDecimal(event.get("dur").asText()));
        Deque<BigDecimal> open =
            ends.computeIfAbsent(
                event.get("pid") + " " + event.get("tid"), thread -> new ArrayDeque<>());
        while (!open.isEmpty() && open.peek().compareTo(begin) <= 0) {
          open.pop();
        }
        assertThat(open.isEmpty() || end.compareTo(open.peek()) <= 0).as("%s", event).isTrue();
        open.push(end);
      }
    }
    assertThat(ends).hasSizeGreaterThan(2);
  }

  @Test
  void tellsWhereTheTimelineIs() {
    Training training = SmallData.training(SmallData.configuration());
    assertThat(events(training.trace(new TraceWindow(4, 2)), temp.resolve("run")))
        .containsExactly(new RunEvent(RunEvent.What.TRACED, 4, "", "trace.json, steps 4 to 5"));
  }

  /** A folder is in its way. */
  @Test
  void aTimelineThatCannotBeWrittenEndsNoTraining() throws IOException {
    Path folder = temp.resolve("run");
    Training training = SmallData.training(SmallData.configuration()).trace();
    training.addListener(
        new TrainingListener() {
          @Override
          public void onStart(RunInfo info) {
            try {
              Files.createDirectories(folder.resolve("trace.json/in the way"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });

    List<RunEvent> events = events(training, folder);

    assertThat(events).extracting(RunEvent::what).containsExactly(RunEvent.What.UNTRACED);
    assertThat(events.getFirst().detail()).contains("trace.json: cannot be written: ");
    assertThat(Files.exists(folder.resolve("run.json"))).isTrue();
  }

  /** 18 steps. */
  @ParameterizedTest
  @CsvSource({"18,2", "17,2"})
  void refusesStepsThatTheRunDoesNotHave(long first, int count) {
    Path folder = temp.resolve("run");
    Training training = SmallData.training(SmallData.configuration());
    training.trace(new TraceWindow(first, count));

    for (ThrowingCallable refuses :
        List.<ThrowingCallable>of(training::requireStepsToTrace, () -> training.run(folder))) {
      assertThatThrownBy(refuses)
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "steps to trace: expected steps from 0 (the first that this run does) to 17 (its last), but found %d to %d",
              first, first + count - 1);
    }
    assertThat(Files.exists(folder)).isFalse();
  }

  private static void stopAt(long version, Training training, Path folder) {
    training.addListener(
        new TrainingListener() {
          @Override
          public void onStart(RunInfo run) {
            training.hold(version);
          }

          @Override
          public void onHeld(long held) {
            training.stop();
          }
        });
    training.run(folder);
  }

  private static Training restart(Path folder, TraceWindow window) {
    return SmallData.training(SmallData.configuration())
        .restart(folder, "a worker was lost")
        .trace(window);
  }

  /** The rest of the steps would take the place of all of them. */
  @Test
  void aRunThatStartsAgainKeepsItsTimeline() throws IOException {
    Path folder = temp.resolve("run");
    stopAt(8, SmallData.training(SmallData.configuration()).trace(new TraceWindow(4, 2)), folder);
    String before = Files.readString(folder.resolve("trace.json"));

    events(restart(folder, new TraceWindow(4, 8)), folder);

    assertThat(Files.readString(folder.resolve("trace.json"))).isEqualTo(before);
  }

  @Test
  void aRunThatStartsAgainAmongTheStepsIsTracedInTheRest() {
    Path folder = temp.resolve("run");
    stopAt(8, SmallData.training(SmallData.configuration()), folder);

    assertThat(events(restart(folder, new TraceWindow(6, 4)), folder))
        .contains(new RunEvent(RunEvent.What.TRACED, 8, "", "trace.json, steps 8 to 9"));
  }

  @Test
  void theStepsThatAreNamedLastCount() throws IOException {
    Training training = SmallData.training(SmallData.configuration());
    JsonNode file = trace(training.trace().trace(new TraceWindow(4, 2)));

    assertThat(file.at("/otherData/firstStep").asInt()).isEqualTo(4);
  }

  @Test
  void saysThatARunEndedBeforeTheSteps() {
    Training training = SmallData.training(SmallData.configuration());
    training.trace(new TraceWindow(17, 1)).stop();

    assertThat(events(training, temp.resolve("run")))
        .extracting(RunEvent::detail)
        .containsExactly("trace.json, which is empty: none of steps 17 to 17 was done");
  }

  /** 18 steps: all of them. */
  @Test
  void aShortRunIsTracedWholeUnlessStepsAreNamed() throws IOException {
    JsonNode file = trace(SmallData.training(SmallData.configuration()).trace());

    assertThat(file.at("/otherData/firstStep").asInt()).isZero();
    assertThat(file.at("/otherData/steps").asInt()).isEqualTo(18);
  }

  @Test
  void aRunThatIsNotTracedHasNoSuchFile() {
    Path folder = temp.resolve("run");
    SmallData.training(SmallData.configuration()).run(folder);
    assertThat(Files.exists(folder.resolve("trace.json"))).isFalse();
  }
}
