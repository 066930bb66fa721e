package io.lockstep.glm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What R says of fits to {@code rows.csv}; {@code summaries.R} made both. */
final class RSummaries {

  /**
   * A fit.
   *
   * @param figures shape, dispersion, null deviance and its degrees of freedom, deviance and its,
   *     log-likelihood, AIC
   * @param coefficients of each output by name: estimate, standard error, statistic, p value
   */
  record Fit(
      String name, String family, double[] figures, List<Map<String, double[]>> coefficients) {}

  private RSummaries() {}

  static List<Fit> all() {
    List<Fit> fits = new ArrayList<>();
    for (String line : lines("summaries.txt")) {
      String[] cells = Arrays.stream(line.split("\t")).map(String::strip).toArray(String[]::new);
      if (cells[0].equals("fit")) {
        fits.add(new Fit(cells[1], cells[2], numbers(cells, 3), new ArrayList<>()));
        continue;
      }
      List<Map<String, double[]>> outputs = fits.getLast().coefficients();
      if (cells[0].equals("(Intercept)")) {
        outputs.add(new LinkedHashMap<>());
      }
      outputs.getLast().put(cells[0], numbers(cells, 1));
    }
    return fits;
  }

  static Fit of(String name) {
    return all().stream().filter(fit -> fit.name().equals(name)).findFirst().orElseThrow();
  }

  /** The rows of the CSV file, each by its header. */
  static List<Map<String, String>> rows() {
    List<String> lines = lines("rows.csv");
    String[] header = lines.getFirst().split(",");
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      Map<String, String> row = new LinkedHashMap<>();
      for (int c = 0; c < header.length; c++) {
        row.put(header[c], cells[c]);
      }
      rows.add(row);
    }
    return rows;
  }

  static List<String> lines(String resource) {
    try (InputStream in = RSummaries.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static double[] numbers(String[] cells, int from) {
    return Arrays.stream(cells, from, cells.length).mapToDouble(Double::parseDouble).toArray();
  }
}
