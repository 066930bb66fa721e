package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.config.TableDefaults;
import io.lockstep.data.DataRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/**
 * A model on a CSV file, told by options instead of a configuration: they set keys, so that the
 * run's config.conf says all of it.
 */
final class TableOptions {

  private static final String FAMILY = "network.output.family";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "The CSV file to learn from, gzipped or not, with a header line.")
  private String data;

  @Option(
      names = "--formula",
      paramLabel = "FORMULA",
      description =
          "Response and predictors as in R, such as 'cnt ~ factor(hr) + ns(temp, df=5) + offset(log(t))'.")
  private String formula;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      description =
          "Distribution of the response: gaussian, bernoulli, poisson, negative-binomial, gamma, exponential, categorical, or R's names binomial, negbin, multinomial (default: gaussian, and categorical for a response of text or a factor).")
  private String family;

  @Option(
      names = "--link",
      paramLabel = "LINK",
      description = "Link function of the family, such as probit (default: as usual for it).")
  private String link;

  @Option(
      names = "--hidden",
      paramLabel = "UNITS",
      split = ",",
      description =
          "Units of each hidden layer, such as 16,16 (default: none, which is a generalized linear model).")
  private List<Integer> hidden = new ArrayList<>();

  @Option(
      names = "--embed",
      paramLabel = "COLUMN=UNITS",
      split = ",",
      description =
          "Factors of many levels that are embedded, and how many numbers each of their levels gets, such as seller=8,station=4 (default: none).")
  private Map<String, Integer> embed = new LinkedHashMap<>();

  @Option(
      names = "--na",
      paramLabel = "ACTION",
      description = "What is done with missing cells: drop, fail or impute (default: drop).")
  private String na;

  private TableDefaults defaults;

  /** Whether a model is told by these options. */
  boolean isUsed() {
    return data != null;
  }

  /** Refuses a part of a model, or two models at once. */
  void requireSense(String configuration, Path resume) {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("--data", data);
    given.put("--formula", formula);
    given.put("--family", family);
    given.put("--link", link);
    given.put("--hidden", hidden.isEmpty() ? null : words(hidden));
    given.put("--embed", embed.isEmpty() ? null : embed.toString());
    given.put("--na", na);
    given.values().removeIf(Objects::isNull);
    if (given.isEmpty()) {
      return;
    }
    String options = String.join(", ", given.keySet());
    if (resume != null) {
      throw new BadInputException(
          "--resume: expected no %s beside it, since %s has its own".formatted(options, resume));
    }
    if (configuration != null) {
      throw new BadInputException(
          "%s: expected no configuration beside it, but found %s; with a configuration, use --set (data.table.file, data.table.formula, network.output.family, …)"
              .formatted(options, configuration));
    }
    if (data == null || formula == null) {
      throw new BadInputException(
          "%s: expected --data and --formula, but there is no %s"
              .formatted(
                  options,
                  data == null ? (formula == null ? "--data" : "--data FILE") : "--formula"));
    }
    if (link != null && family == null) {
      throw new BadInputException(
          "--link %s: expected --family, too, since it says which links there are".formatted(link));
    }
  }

  /**
   * The model with defaults that fit the data, which are read for this the first time.
   *
   * @param others that come before these
   */
  Configuration configuration(Overrides others) {
    Overrides all = own().with(others);
    if (defaults == null) {
      defaults = TableDefaults.of(Configuration.of(name(), all), DataRequest.ofProcess());
    }
    return Configuration.of(name(), defaults.overrides().with(all).with(defaults.instead()));
  }

  private Overrides own() {
    Overrides own =
        Overrides.NONE
            .with("data.name", "table", "--data " + data)
            .with("data.table.file", data, "--data " + data)
            .with("data.table.formula", formula, "--formula");
    if (family != null) {
      own = own.with(FAMILY, family, "--family " + family);
    }
    if (link != null) {
      own = own.with("network.output.link", link, "--link " + link);
    }
    if (na != null) {
      own = own.with("data.table.na", na, "--na " + na);
    }
    for (Map.Entry<String, Integer> one : embed.entrySet()) {
      own = own.with("data.table.embeddings", one.getKey(), one.getValue(), "--embed " + one);
    }
    if (!hidden.isEmpty()) {
      own = own.with("network.layers", layers(), "--hidden " + words(hidden));
    }
    return own;
  }

  private String layers() {
    return hidden.stream()
        .map("{ type = dense, units = %d }"::formatted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String words(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** The file's name without its endings, and without what a name of a run may not have. */
  private String name() {
    String file = Path.of(data).getFileName().toString();
    return file.replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
  }
}
