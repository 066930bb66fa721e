package io.lockstep.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.Coefficients;
import io.lockstep.Model;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep coefficients}. */
@Command(
    name = "coefficients",
    description =
        "Shows the coefficients of a run without hidden layers on the scale of the data, with standard errors, tests and deviances.",
    footer = {
      "",
      "Names are those of R, and so are the numbers once training has converged; coefficients.csv in the run's folder has them, too. Of classes the coefficients are the differences to those of the first class.",
      "",
      "Examples:",
      "  lockstep coefficients runs/glm-poisson-20260101-120000",
      "  lockstep coefficients runs/glm-poisson-20260101-120000 --json"
    })
final class CoefficientsCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run;

  @Mixin private JarOption jars = new JarOption();

  @Option(names = "--json", description = "Print one line of JSON, with all digits.")
  private boolean json;

  CoefficientsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    RunArgument.require(run);
    Model model = Model.load(run, jars.read());
    Coefficients coefficients =
        model
            .coefficients()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s: expected a network without hidden layers and embeddings, which has coefficients, but found %s"
                            .formatted(run, model.network())));
    Optional<CoefficientTable> table = RunFolder.open(run).readCoefficients();
    lines(coefficients, table).forEach(terminal.out()::println);
    return ExitCode.OK;
  }

  private List<String> lines(Coefficients coefficients, Optional<CoefficientTable> table) {
    if (json) {
      ObjectNode line = json(coefficients);
      table.ifPresent(t -> line.set("table", JSON.valueToTree(t)));
      return List.of(line.toString());
    }
    return table.map(CoefficientText::lines).orElseGet(() -> text(coefficients));
  }

  private static List<String> text(Coefficients coefficients) {
    List<String> headings = new ArrayList<>(List.of(""));
    boolean one = coefficients.reference() == null && coefficients.outputs().size() == 1;
    headings.addAll(one ? List.of("coefficient") : coefficients.outputs());
    Table table = new Table(headings.toArray(String[]::new));
    for (int i = 0; i < coefficients.names().size(); i++) {
      List<String> cells = new ArrayList<>(List.of(coefficients.names().get(i)));
      for (List<Double> values : coefficients.values()) {
        cells.add(figure(values.get(i)));
      }
      table.row(cells.toArray(String[]::new));
    }
    List<String> lines = new ArrayList<>(table.lines());
    if (coefficients.reference() != null) {
      lines.add("");
      lines.add("Differences to the coefficients of " + coefficients.reference() + ".");
    }
    if (coefficients.shape().isPresent()) {
      lines.add("");
      lines.add(coefficients.shapeName() + "  " + figure(coefficients.shape().getAsDouble()));
    }
    return lines;
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }

  private ObjectNode json(Coefficients coefficients) {
    ObjectNode line = ProgressJson.line("coefficients").put("folder", run.toString());
    line.put("reference", coefficients.reference());
    ArrayNode outputs = line.putArray("outputs");
    for (int output = 0; output < coefficients.outputs().size(); output++) {
      ObjectNode node = outputs.addObject().put("name", coefficients.outputs().get(output));
      ObjectNode values = node.putObject("coefficients");
      for (int i = 0; i < coefficients.names().size(); i++) {
        values.put(coefficients.names().get(i), coefficients.values().get(output).get(i));
      }
    }
    coefficients.shape().ifPresent(shape -> line.put(coefficients.shapeName(), shape));
    return line;
  }
}
