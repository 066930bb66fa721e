package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void tellsEventsApart() throws Exception {
    JsonNode start = JSON.readTree(ProgressJson.start(Samples.info(5, List.of(4))));
    assertThat(start.path("event").asText()).isEqualTo("start");
    assertThat(start.path("steps").asInt()).isEqualTo(1408);
    assertThat(start.path("idleWorkers").toString()).isEqualTo("[4]");
    assertThat(start.path("folder").asText()).endsWith("a");
    JsonNode epoch = JSON.readTree(ProgressJson.epoch(Samples.epoch(new Score(0.07, 0.98))));
    assertThat(epoch.path("event").asText()).isEqualTo("epoch");
    assertThat(epoch.path("validation").path("accuracy").asDouble()).isEqualTo(0.98);
  }

  @Test
  void writesNullForWhatIsNotFiniteOrMissing() throws Exception {
    JsonNode step =
        JSON.readTree(ProgressJson.step(Samples.step(Double.NaN, Double.NaN, 1.0 / 0.0)));
    assertThat(step.path("event").asText()).isEqualTo("step");
    assertThat(step.path("loss").isNull()).isTrue();
    assertThat(step.path("accuracy").isNull()).isTrue();
    assertThat(step.path("secondsLeft").isNull()).isTrue();
    assertThat(step.path("samplesPerSecond").asDouble()).isEqualTo(41_234.5);
    assertThat(JSON.readTree(ProgressJson.epoch(Samples.epoch(null))).path("validation").isNull())
        .isTrue();
  }

  @Test
  void endsWithTheContentOfTheSummaryOnOneLine() throws Exception {
    String line =
        ProgressJson.end(Samples.summary(Status.FINISHED, null, new Score(0.1, null)), "runs/a");
    assertThat(line).doesNotContain("\n");
    JsonNode end = JSON.readTree(line);
    assertThat(end.path("event").asText()).isEqualTo("end");
    assertThat(end.path("folder").asText()).isEqualTo("runs/a");
    assertThat(end.path("weightsSha256").asText()).isEqualTo("ab12");
    assertThat(end.path("test").path("accuracy").asDouble()).isEqualTo(0.983);
  }
}
