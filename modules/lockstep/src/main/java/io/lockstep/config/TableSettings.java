package io.lockstep.config;

import io.lockstep.data.CodeColumn;
import io.lockstep.data.DataException;
import io.lockstep.data.formula.EncodingOptions;
import io.lockstep.data.formula.FactorCoding;
import io.lockstep.data.formula.Formula;
import io.lockstep.data.formula.NaAction;
import io.lockstep.data.formula.TableSource;
import io.lockstep.data.formula.UnseenLevels;
import io.lockstep.data.store.Storage;
import io.lockstep.data.table.CsvFormat;
import io.lockstep.nn.Codes;
import io.lockstep.nn.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The keys {@code data.table.*}: a table of the user's own.
 *
 * @param file of the rows for training
 * @param test file of the rows for the test, or empty
 * @param formula response and predictors
 * @param group the column by which rows are kept together when they are split, or empty
 * @param delimiter between two cells: a character, {@code tab} or {@code auto}
 * @param na what is done with missing cells
 * @param unseen what is done with unseen levels
 * @param coding of factors
 * @param embeddings units of each factor that is embedded, by the name of its column
 * @param memoryMb most megabytes of a table's columns, and of the rows made of them, on the heap;
 *     empty: an eighth of it
 */
public record TableSettings(
    String file,
    String test,
    String formula,
    String group,
    String delimiter,
    NaAction na,
    UnseenLevels unseen,
    FactorCoding coding,
    Map<String, Integer> embeddings,
    OptionalLong memoryMb) {

  private static final String TAB = "tab";

  /** Keeps a copy. */
  public TableSettings {
    embeddings = Map.copyOf(embeddings);
  }

  /**
   * @param used whether the data are a table, so that file and formula are needed
   */
  static TableSettings read(Section table, boolean used) {
    TableSettings settings =
        new TableSettings(
            table.text("file"),
            table.text("test"),
            table.text("formula"),
            table.text("group"),
            table.text("delimiter"),
            table.choice("na", Choices.of(NaAction.values())),
            table.choice("unseen", Choices.of(UnseenLevels.values())),
            table.choice("coding", Choices.of(FactorCoding.values())),
            table.section("embeddings").counts(),
            table.wholeOrAuto(
                "memory", "of megabytes, from 0 on,", mb -> mb >= 0 && mb < 1L << 40));
    if (used) {
      settings.check(table);
    }
    return settings;
  }

  private void check(Section table) {
    if (file.isBlank()) {
      throw table.wrong("file", "the path of a CSV file");
    }
    if (!isDelimiter()) {
      throw table.wrong("delimiter", "one character, tab or auto");
    }
    try {
      if (Formula.parse(formula).isOneSided()) {
        throw table.wrong("formula", "a formula with a response, such as y ~ x");
      }
    } catch (DataException noFormula) {
      throw new ConfigurationException("data.table.formula: " + noFormula.getMessage(), noFormula);
    }
  }

  private boolean isDelimiter() {
    return delimiter.equals(Section.AUTO)
        || delimiter.equals(TAB)
        || (delimiter.length() == 1 && !"\"\n\r".contains(delimiter));
  }

  /** How cells are separated; empty if that is found from each file. */
  public Optional<CsvFormat> format() {
    return switch (delimiter) {
      case Section.AUTO -> Optional.empty();
      case TAB -> Optional.of(new CsvFormat('\t'));
      default -> Optional.of(new CsvFormat(delimiter.charAt(0)));
    };
  }

  /** Where the rows come from. */
  TableSource toSource() {
    return new TableSource(
        file,
        test,
        Formula.parse(formula),
        group,
        format().orElse(null),
        new EncodingOptions(na, unseen, coding).withEmbedded(embeddings.keySet()),
        storage());
  }

  /**
   * Adds an embedding for each column of codes, in their order.
   *
   * @param codes of the data's columns, ascending
   */
  void embed(List<CodeColumn> codes, Network.Builder builder) {
    for (int i = 0; i < codes.size(); i++) {
      CodeColumn one = codes.get(i);
      int column = one.column() - i; // Each embedding takes its column out.
      builder.embedding(Codes.counted(one.name(), column, one.rows()), units(one.name()));
    }
  }

  private int units(String factor) {
    if (!embeddings.containsKey(factor)) {
      throw new ConfigurationException(
          "data.table.embeddings: expected the units of %s, of which the data hold codes, but found %s"
              .formatted(factor, embeddings));
    }
    return embeddings.get(factor);
  }

  private Storage storage() {
    return memoryMb.isPresent() ? Storage.upTo(memoryMb.getAsLong() << 20) : Storage.automatic();
  }

  Map<String, Object> toMap() {
    return Map.ofEntries(
        Map.entry("file", file),
        Map.entry("test", test),
        Map.entry("formula", formula),
        Map.entry("group", group),
        Map.entry("delimiter", delimiter),
        Map.entry("na", Choices.nameOf(na)),
        Map.entry("unseen", Choices.nameOf(unseen)),
        Map.entry("coding", Choices.nameOf(coding)),
        Map.entry("embeddings", embeddings),
        Map.entry("memory", memoryMb.isPresent() ? memoryMb.getAsLong() : Section.AUTO));
  }
}
