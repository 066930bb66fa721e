package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.config.Configuration;
import io.lockstep.model.RunFolder;
import io.lockstep.training.Job;
import io.lockstep.training.RunEvent;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {

  @TempDir Path temp;

  /** Of events that memory does not suffice for. */
  private static RunTrace large() {
    List<TraceEvent> events =
        new AbstractList<>() {
          @Override
          public TraceEvent get(int index) {
            throw new OutOfMemoryError("Java heap space");
          }

          @Override
          public int size() {
            return 1 << 20;
          }
        };
    NodeTrace node = new NodeTrace("a", List.of(new NodeTrace.OfThread("thread", 0, events)));
    return new RunTrace(
        new TraceWindow(4, 2), List.of("output"), List.of(new RunTrace.OfNode(node, 0)), Map.of());
  }

  private CheckpointKeeper checkpoints(RunFolder folder, Configuration configuration, Job job) {
    return new CheckpointKeeper(
        folder,
        job,
        () -> null,
        configuration.checkpoint(),
        null,
        Optional.empty(),
        new CheckpointKeeper.Told(version -> {}, (version, why) -> {}));
  }

  /** For a timeline no run ends, and nothing is left of it. */
  @Test
  void tellsThatATimelineDoesNotFitInMemory() throws IOException {
    Configuration configuration = SmallData.configuration().build();
    Job job = Jobs.of(configuration, SmallData.DIGITS);
    RunFolder folder = RunFolder.create(temp.resolve("run"), configuration.toHocon());
    List<RunEvent> events = new ArrayList<>();
    CheckpointKeeper checkpoints = checkpoints(folder, configuration, job);
    try (RunRecorder recorder = new RunRecorder(folder, job, checkpoints, events::add)) {
      recorder.traced(large());
    }

    assertThat(events)
        .containsExactly(
            new RunEvent(
                RunEvent.What.UNTRACED, 4, "", "it does not fit in memory: trace fewer steps"));
    try (Stream<Path> files = Files.list(folder.path())) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().contains("trace"));
    }
  }
}
