package io.lockstep.cli;

import io.lockstep.EpochReport;
import io.lockstep.RunInfo;
import io.lockstep.StepReport;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.training.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run looks like as text: from its events to lines, with no state and no terminal. */
final class ProgressText {

  private static final int LONGEST_BAR = 24;
  private static final int SHORTEST_BAR = 8;

  private ProgressText() {}

  /** What is about to happen. */
  static List<String> start(RunInfo run) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s, %s"
            .formatted(run.name(), run.network(), Figures.count(run.parameters(), "parameter")));
    lines.add(
        "data: %s to train, %s to validate, %s to test"
            .formatted(
                Figures.count(run.trainRows(), "row"),
                Figures.count(run.validationRows()),
                Figures.count(run.testRows())));
    lines.add(
        "work: %s of %s in %s; %s, %s, %s"
            .formatted(
                course(run),
                Figures.count(run.batch(), "row"),
                Figures.microBatches(run.microBatches()),
                Figures.count(run.workers(), "worker"),
                Figures.count(run.servers(), "parameter server"),
                run.kernels()));
    if (!run.idleWorkers().isEmpty()) {
      lines.add(idle(run));
    }
    return lines;
  }

  private static String course(RunInfo run) {
    String epochs = Figures.count(run.epochs(), "epoch");
    String steps = Figures.count(run.steps(), "step");
    return run.steps() == run.stepsOfEpochs()
        ? epochs + ", " + steps
        : "at most %s (%s would be %s)"
            .formatted(steps, epochs, Figures.count(run.stepsOfEpochs()));
  }

  /** Idle workers are the last ones; more than this are named as a range. */
  private static final int MOST_NAMED = 4;

  private static String idle(RunInfo run) {
    List<Integer> idle = run.idleWorkers();
    String names =
        idle.size() > MOST_NAMED
            ? "%d to %d".formatted(idle.getFirst(), idle.getLast())
            : idle.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "idle: worker%s %s, since a step has only %s; more with train.microBatches"
        .formatted(idle.size() == 1 ? "" : "s", names, Figures.microBatches(run.microBatches()));
  }

  /** Where the run stands, in one line. */
  static String step(StepReport step) {
    return stepLines(step).getFirst();
  }

  /**
   * Where the run stands, in one line of at most {@code width} characters: what matters least is
   * left out first.
   */
  static String step(StepReport step, int width) {
    List<String> lines = stepLines(step);
    return lines.stream()
        .filter(line -> line.length() <= width)
        .findFirst()
        .map(line -> withBar(line, step, width))
        .orElseGet(() -> lines.getLast().substring(0, width));
  }

  /** The longest first. */
  private static List<String> stepLines(StepReport step) {
    String epoch = "epoch %d/%d".formatted(step.epoch(), step.epochs());
    String count =
        "step %s/%s".formatted(Figures.count(step.step()), Figures.count(step.stepsTotal()));
    String loss = "loss " + Figures.loss(step.loss());
    String accuracy =
        Double.isNaN(step.accuracy()) ? "" : "accuracy " + Figures.percent(step.accuracy());
    String speed = Figures.speed(step.samplesPerSecond());
    String left = Figures.clock(step.secondsLeft()) + " left";
    return List.of(
        join(List.of(epoch, count, loss, accuracy, speed, left)),
        join(List.of(epoch, loss, accuracy, speed, left)),
        join(List.of(epoch, loss, accuracy, left)),
        join(List.of(epoch, loss, left)));
  }

  private static String withBar(String line, StepReport step, int width) {
    int room = Math.min(LONGEST_BAR, width - line.length() - 4);
    if (room < SHORTEST_BAR) {
      return line;
    }
    int done = (int) (room * step.step() / Math.max(1, step.stepsTotal()));
    return "[" + "=".repeat(done) + " ".repeat(room - done) + "]  " + line;
  }

  /** An epoch that ended. */
  static String epoch(EpochReport epoch) {
    return join(
        List.of(
            "epoch %d/%d".formatted(epoch.epoch(), epoch.epochs()),
            epoch.whole() ? "" : "(cut off)",
            score("train", epoch.train()),
            score("valid", epoch.validation()),
            Figures.seconds(epoch.seconds()),
            Figures.speed(epoch.samplesPerSecond())));
  }

  /** Such as {@code step 40: worker-2 joined}. */
  static String event(RunEvent event) {
    String detail = event.detail().isEmpty() ? "" : ": " + event.detail();
    return "step %d: %s%s".formatted(event.step(), words(event), detail);
  }

  private static String words(RunEvent event) {
    return switch (event.what()) {
      case JOINED, LEFT -> event.node() + " " + event.what().word();
      case REFUSED -> event.node() + " was refused";
      case LOST -> event.node() + " was lost, and the others do its work";
      case STOPPED -> "stopped early";
      case LATE -> event.node() + " is late";
      case REPLANNED -> event.node() + " gets a share by its speed";
      case MIRRORED -> event.node() + " stands by";
      case UNMIRRORED -> event.node() + " no longer stands by";
      case TOOK_OVER -> event.node() + " took over";
      case WENT_ON -> "went on where it stood";
      case WAITING -> event.node() + " was lost, and the run waits for a worker";
      case RESUMED -> "resumed from the checkpoint";
      case DAMAGED -> "a newer checkpoint cannot be used";
      case TRACED -> "the timeline is written";
      case UNTRACED -> "the timeline could not be written, and training goes on";
      case UNSAVED -> "the checkpoint could not be kept, and training goes on";
    };
  }

  private static String score(String rows, Score score) {
    if (score == null) {
      return "";
    }
    String loss = rows + " " + Figures.loss(score.loss());
    return score.accuracy() == null ? loss : loss + " " + Figures.percent(score.accuracy());
  }

  private static String join(List<String> parts) {
    return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("  "));
  }

  /**
   * What came out.
   *
   * @param folder where it is
   */
  static List<String> end(RunSummary run, String folder) {
    List<String> lines = new ArrayList<>(scores(run.train(), run.validation(), run.test()));
    lines.add("");
    if (run.message() != null && run.status() != RunSummary.Status.DIVERGED) {
      lines.add("note     " + run.message());
    }
    lines.add("folder   " + folder);
    lines.add("weights  sha256 " + run.weightsSha256());
    lines.add(
        "steps    %s in %s, %s"
            .formatted(
                Figures.count(run.steps()),
                Figures.seconds(run.seconds()),
                Figures.speed(run.samplesPerSecond())));
    return lines;
  }

  /**
   * A table of scores; null for rows that there are none of. Deviance and log-likelihood are left
   * out where the accuracy says more.
   */
  static List<String> scores(Score train, Score validation, Score test) {
    boolean likelihood =
        Stream.of(train, validation, test)
            .anyMatch(s -> s != null && s.deviance() != null && s.accuracy() == null);
    return scores(likelihood, train, validation, test);
  }

  /** As {@link #scores}, with all that there is. */
  static List<String> allScores(Score train, Score validation, Score test) {
    boolean likelihood =
        Stream.of(train, validation, test).anyMatch(s -> s != null && s.deviance() != null);
    List<String> lines = new ArrayList<>(scores(likelihood, train, validation, test));
    QualityText.add("train", train, lines);
    QualityText.add("validation", validation, lines);
    QualityText.add("test", test, lines);
    return lines;
  }

  private static List<String> scores(
      boolean likelihood, Score train, Score validation, Score test) {
    boolean accuracy =
        Stream.of(train, validation, test).anyMatch(s -> s != null && s.accuracy() != null);
    List<String> headings = new ArrayList<>(List.of("", "loss"));
    headings.addAll(accuracy ? List.of("accuracy") : List.of());
    headings.addAll(likelihood ? List.of("deviance", "log-likelihood") : List.of());
    Table table = new Table(headings.toArray(String[]::new));
    addScore(table, headings, "train", train);
    addScore(table, headings, "validation", validation);
    addScore(table, headings, "test", test);
    return table.lines();
  }

  private static void addScore(Table table, List<String> headings, String rows, Score score) {
    if (score != null) {
      table.row(
          headings.stream().map(heading -> cell(heading, rows, score)).toArray(String[]::new));
    }
  }

  private static String cell(String heading, String rows, Score score) {
    return switch (heading) {
      case "loss" -> Figures.loss(score.loss());
      case "accuracy" -> Figures.percent(score.accuracy());
      case "deviance" -> Figures.sum(score.deviance());
      case "log-likelihood" -> Figures.sum(score.logLikelihood());
      default -> rows;
    };
  }
}
