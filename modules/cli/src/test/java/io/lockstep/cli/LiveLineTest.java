package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.EpochReport;
import io.lockstep.StepReport;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunEvent.What;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LiveLineTest {

  private final Screen screen = new Screen();
  private final Terminal terminal =
      Terminal.of(screen, screen, StandardCharsets.UTF_8, true, true, () -> 80);

  @Test
  void replacesWhatItShowed() {
    terminal.line().show("a long line");
    terminal.line().show("short");

    assertThat(screen.rows()).containsExactly("short");
  }

  @Test
  void staysBelowMessagesOfBothStreams() {
    terminal.line().show("step 1");
    terminal.err().println("lockstep: a message");
    terminal.out().println("epoch 1");

    assertThat(screen.rows()).containsExactly("lockstep: a message", "epoch 1", "step 1");
  }

  @Test
  void keepsAMessageWholeThatComesInPieces() {
    terminal.line().show("step 1");
    terminal.err().print("lockstep: ");
    terminal.line().show("step 2");
    terminal.err().print("in ");
    terminal.err().printf("%d pieces%n", 4);
    terminal.line().show("step 3");

    assertThat(screen.rows()).containsExactly("lockstep: in 4 pieces", "step 3");
  }

  @Test
  void keepsAMessageWholeThatIsLongerThanAnyBuffer() {
    String message = "x".repeat(100_000);
    terminal.line().show("step 1");
    terminal.err().println(message);

    assertThat(screen.rows()).containsExactly(message, "step 1");
  }

  @Test
  void isGoneAfterItWasCleared() {
    terminal.line().show("step 1");
    terminal.line().clear();
    terminal.out().println("the end");

    assertThat(screen.rows()).containsExactly("the end", "");
  }

  @Test
  @Timeout(60)
  void keepsMessagesOfManyThreadsApart() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String message = "message of thread " + t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      terminal.err().println(message);
                      terminal.line().show("step " + i);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    List<String> rows = screen.rows();
    assertThat(rows).hasSize(4 * 200 + 1);
    assertThat(rows.subList(0, rows.size() - 1))
        .allMatch(row -> row.matches("message of thread [0-3]"));
    assertThat(rows.getLast()).isEqualTo("step 199");
  }

  @Test
  void aRunLeavesItsEpochsMessagesAndResult() {
    ProgressView view = new ProgressView.Live(terminal);
    view.onStart(Samples.info(2, List.of()));
    view.onStep(Samples.step(0.0297, 0.9961, 5));
    view.onEvent(new RunEvent(What.JOINED, 40, "worker-2", ""));
    terminal.err().println("lockstep: a message");
    view.onEpoch(Samples.epoch(new Score(0.0731, 0.9848)));
    view.onStep(Samples.step(0.0297, 0.9961, 5));
    view.showEnd(Samples.summary(Status.FINISHED, null, null), "runs/a");

    assertThat(screen.rows().subList(3, 9))
        .containsExactly(
            "",
            "step 40: worker-2 joined",
            "lockstep: a message",
            "epoch 4/8  train 0.0443 99.18 %  valid 0.0731 98.48 %  5.6 s  15,947 rows/s",
            "",
            "         loss  accuracy");
  }

  @Test
  void epochsOfOneStepLeaveOnlyTheLast() {
    ProgressView view = new ProgressView.Live(terminal);
    for (int epoch = 1; epoch <= 3; epoch++) {
      view.onStep(
          new StepReport(epoch, 3, epoch, 3, 0.5, Double.NaN, 0.1, 100, 0.1, 0.2, epoch == 3));
      view.onEpoch(
          new EpochReport(epoch, 3, epoch, new Score(0.25, null), null, 0.1, 0.1, 100, true));
      if (epoch < 3) {
        assertThat(screen.rows()).singleElement().asString().contains("step " + epoch + "/3");
      }
    }
    assertThat(screen.rows().getFirst()).isEqualTo("epoch 3/3  train 0.2500  0.1 s  100 rows/s");
  }
}
