package io.lockstep.cli;

import static java.util.stream.Collectors.joining;

import io.lockstep.Model;
import io.lockstep.data.DataEnvironment;
import io.lockstep.data.Dataset;
import io.lockstep.data.IdxDataset;
import io.lockstep.data.ImageShape;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.model.Encoding;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lockstep predict}. */
@Command(
    name = "predict",
    description = "Predicts rows with a run's weights, and writes CSV to stdout.",
    footer = {
      "",
      "The output has a line for each row: its number from 0, the predicted class, and the probability of each class; for regression its number and the predicted means; that of a table has the name of its response. Numbers are those of the data, before scaling: 0 to 255 for the pixels of an image. A row of a table that is left out, since a cell is missing, has NA.",
      "",
      "Examples:",
      "  lockstep predict runs/long t10k-images-idx3-ubyte.gz > predicted.csv",
      "  lockstep predict runs/digits-20260101-120000 rows.csv | head"
    })
final class PredictCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "RUN", description = "The folder of a run.")
  private Path run;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description =
          "Rows to predict: an IDX file of images, gzipped or not, or CSV with a number in each column, with a header line or without. For a run on a table (data.name = table) the raw CSV with the columns of its formula.")
  private Path file;

  @Mixin private JarOption jars = new JarOption();

  PredictCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    RunArgument.require(run);
    Model model = Model.load(run, jars.read());
    if (model.encoding().table() != null) {
      writeTable(model, model.read(found()));
      return ExitCode.OK;
    }
    Dataset rows = read(model.encoding());
    if (rows.width() != model.encoding().inputs()) {
      throw new BadInputException(
          "%s: expected rows of width %d (the inputs of the network of %s) but found %d"
              .formatted(file, model.encoding().inputs(), run, rows.width()));
    }
    if (model.encoding().offsets()) {
      throw new BadInputException(
          "%s was trained on rows with offsets, which %s cannot have; predict them by a Java program"
              .formatted(run, file));
    }
    write(model, rows, IntStream.range(0, rows.rows()).toArray(), rows.rows());
    return ExitCode.OK;
  }

  private void writeTable(Model model, EncodedTable table) {
    table.notes().forEach(note -> terminal.err().println("warning: " + file + ": " + note));
    write(
        model,
        table.rows() == 0 ? null : table.dataset(),
        IntStream.range(0, table.rows()).map(table::tableRow).toArray(),
        table.tableRows());
  }

  private Dataset read(Encoding encoding) {
    Path found = found();
    return isIdx(found)
        ? IdxDataset.readUnlabelled(found.toString(), found, shape(encoding))
        : csv(found);
  }

  /** The file, as training looks for one: here, then in {@code LOCKSTEP_DATA}. */
  private Path found() {
    Path shared = DataEnvironment.ofProcess().dataFolder(file.toString());
    List<Path> places = Stream.of(file, shared).filter(Objects::nonNull).distinct().toList();
    return places.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new BadInputException(file + missing(places)));
  }

  private String missing(List<Path> places) {
    if (Files.exists(file)) {
      return ": this is no file";
    }
    String remedy =
        places.size() == 1
            ? " (LOCKSTEP_DATA is not set)"
            : "; looked for " + places.stream().map(Path::toString).collect(joining(", "));
    return ": there is no such file" + remedy;
  }

  private static ImageShape shape(Encoding encoding) {
    return encoding.imageWidth() == 0
        ? null
        : new ImageShape(encoding.imageWidth(), encoding.imageHeight());
  }

  private static Dataset csv(Path file) {
    NumericCsv csv = NumericCsv.read(file);
    return Dataset.unlabelled(file.toString(), csv.rows(), csv.width(), csv.values());
  }

  /** IDX begins with two zeros, gzip with 1f 8b, and no text does either. */
  private static boolean isIdx(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(2);
      return head.length == 2
          && ((head[0] == 0 && head[1] == 0) || (head[0] == 0x1f && head[1] == (byte) 0x8b));
    } catch (IOException failure) {
      throw new BadInputException(file + ": cannot be read: " + failure.getMessage(), failure);
    }
  }

  /**
   * @param rows null if there are none
   * @param numbers of the rows, ascending
   * @param count of all rows; those that {@code numbers} lacks have NA
   */
  private void write(Model model, Dataset rows, int[] numbers, int count) {
    List<String> names = model.encoding().classNames();
    int outputs = model.encoding().outputs();
    float[] means = rows == null ? new float[0] : model.predict(rows);
    int[] classes = names.isEmpty() ? null : model.classes(means);
    PrintStream out = terminal.out();
    out.println(header(model.encoding()));
    StringBuilder line = new StringBuilder();
    int next = 0;
    for (int number = 0; number < count; number++) {
      line.setLength(0);
      line.append(number);
      if (next == numbers.length || numbers[next] != number) {
        out.println(line.append(",NA".repeat(outputs + (classes == null ? 0 : 1))));
        continue;
      }
      if (classes != null) {
        line.append(',').append(quoted(names.get(classes[next])));
      }
      for (int output = 0; output < outputs; output++) {
        line.append(',').append(means[next * outputs + output]);
      }
      out.println(line);
      next++;
    }
  }

  private static String header(Encoding encoding) {
    if (!encoding.classNames().isEmpty()) {
      return "row,class,"
          + encoding.classNames().stream().map(c -> quoted("p(" + c + ")")).collect(joining(","));
    }
    if (encoding.table() != null) {
      return "row," + quoted(encoding.table().responseName());
    }
    return "row,"
        + IntStream.range(0, encoding.outputs()).mapToObj(o -> "mean" + o).collect(joining(","));
  }

  private static String quoted(String cell) {
    return cell.matches("[^,\"\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
