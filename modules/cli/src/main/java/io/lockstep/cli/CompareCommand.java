package io.lockstep.cli;

import io.lockstep.report.CurvesPicture;
import io.lockstep.report.RunCurves;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep compare}. */
@Command(
    name = "compare",
    description =
        "Shows runs side by side: networks, settings that differ, steps, losses, accuracies, speed.",
    footer = {
      "",
      "With --out their curves are drawn into one picture, too.",
      "",
      "Examples:",
      "  lockstep compare runs/one-16 runs/one-128",
      "  lockstep compare runs/* --out curves.png"
    })
final class CompareCommand implements Callable<Integer> {

  private static final String FAMILIES =
      "losses of different families cannot be compared with one another";

  private final Terminal terminal;

  @Parameters(arity = "1..*", paramLabel = "RUN", description = "The folders of the runs.")
  private List<Path> runs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Draws the curves of loss and accuracy into this .png or .svg file.")
  private Path out;

  CompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PictureFile file = out == null ? null : new PictureFile(out);
    runs.forEach(RunArgument::require);
    List<ComparedRun> compared = runs.stream().map(ComparedRun::read).toList();
    Table table = ComparedRun.table(compared);
    (terminal.interactive() ? table.lines(terminal.width().getAsInt()) : table.lines())
        .forEach(terminal.out()::println);
    boolean oneFamily = compared.stream().map(ComparedRun::family).distinct().count() == 1;
    if (!oneFamily) {
      terminal.out().println();
      terminal.out().println("note: " + FAMILIES);
    }
    if (file != null) {
      List<RunCurves> curves = new ArrayList<>();
      for (ComparedRun run : compared) {
        String test = run.testScore().isEmpty() ? "" : " (test: " + run.testScore() + ")";
        curves.add(RunPictures.curves(run.folder(), run.name() + test));
      }
      String title = "%d runs compared".formatted(curves.size());
      title += oneFamily ? "" : "; " + FAMILIES;
      file.write(new CurvesPicture(title, curves).draw());
      terminal.out().println();
      terminal.out().println("curves: " + file.path());
    }
    return ExitCode.OK;
  }
}
