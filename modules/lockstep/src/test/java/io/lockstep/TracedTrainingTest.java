package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.training.trace.TraceWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
