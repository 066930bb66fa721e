package io.lockstep.cli;

import io.lockstep.data.DataRequest;
import io.lockstep.data.Dataset;
import io.lockstep.data.DatasetCatalog;
import io.lockstep.data.DatasetSource;
import io.lockstep.data.MnistSource;
import io.lockstep.data.TextImage;
import io.lockstep.data.TrainTest;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep data}. */
@Command(
    name = "data",
    description = "Fetches a data set if need be, verifies it, and shows some of its rows.",
    footer = {
      "",
      "Without NAME it lists the data sets and where they are.",
      "",
      "Examples:",
      "  lockstep data",
      "  lockstep data mnist",
      "  lockstep data digits --rows 2"
    })
final class DataCommand implements Callable<Integer> {

  private static final int FEATURES_SHOWN = 8;

  private final Terminal terminal;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A data set: digits or mnist.")
  private String name;

  @Option(names = "--rows", paramLabel = "N", description = "Rows to show (default: 3).")
  private int rows = 3;

  DataCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (rows < 0) {
      throw new BadInputException("--rows: expected 0 or more but found " + rows);
    }
    DataRequest request = DataRequest.ofProcess().withProgress(new DownloadView(terminal));
    if (name == null) {
      list(request);
      return ExitCode.OK;
    }
    return show(DatasetCatalog.standard().source(name), request);
  }

  private void list(DataRequest request) {
    for (DatasetSource source : DatasetCatalog.standard().sources()) {
      terminal.out().println(source.name() + ": " + source.description());
      terminal.out().println("  " + source.whereabouts(request));
    }
  }

  private int show(DatasetSource source, DataRequest request) {
    PrintStream out = terminal.out();
    TrainTest sets = source.load(request);
    out.println(source.name() + ": " + source.description());
    out.println("from     " + sets.origin());
    describe("train", sets.train());
    describe("test", sets.test());
    for (int row = 0; row < Math.min(rows, sets.train().rows()); row++) {
      out.println();
      out.println("row " + row + answer(sets.train(), row));
      row(sets.train(), row).forEach(out::println);
    }
    return verify(source, request);
  }

  private void describe(String part, Dataset data) {
    String shape = data.image() == null ? data.width() + " features" : data.image() + " pixels";
    terminal.out().printf("%-9s%s of %s%n", part, Figures.count(data.rows(), "row"), shape);
    if (data.classes() > 0) {
      terminal.out().println("         rows per class: " + classCounts(data));
    }
    terminal.out().println("         sha256 of the content " + data.sha256());
  }

  private static String classCounts(Dataset data) {
    int[] counts = new int[data.classes()];
    for (int row = 0; row < data.rows(); row++) {
      counts[data.label(row)]++;
    }
    return Arrays.stream(counts).mapToObj(Figures::count).collect(Collectors.joining(" "));
  }

  private static String answer(Dataset data, int row) {
    return data.classes() == 0 ? "" : ": class " + data.classNames().get(data.label(row));
  }

  private List<String> row(Dataset data, int row) {
    if (data.image() != null && data.hasByteFeatures()) {
      TextImage.Style style = terminal.unicode() ? TextImage.Style.SHADES : TextImage.Style.ASCII;
      return TextImage.lines(data, row, style);
    }
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < Math.min(FEATURES_SHOWN, data.width()); column++) {
      line.append(data.feature(row, column)).append(' ');
    }
    return List.of(line.append(data.width() > FEATURES_SHOWN ? "…" : "").toString());
  }

  /** Files that differ from the published ones still read well, so they are shown before. */
  private int verify(DatasetSource source, DataRequest request) {
    if (!(source instanceof MnistSource mnist)) {
      return ExitCode.OK;
    }
    List<String> differences = mnist.verify(request);
    terminal.out().println();
    if (differences.isEmpty()) {
      terminal.out().println("verified: the files are those that were published");
      return ExitCode.OK;
    }
    differences.forEach(line -> terminal.err().println("lockstep: " + line));
    return ExitCode.BAD_INPUT;
  }
}
