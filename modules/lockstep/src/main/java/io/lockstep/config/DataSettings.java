package io.lockstep.config;

import com.typesafe.config.ConfigUtil;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DatasetCatalog;
import io.lockstep.data.DatasetSource;
import io.lockstep.data.DigitsSource;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.data.TrainTest;
import io.lockstep.data.formula.TableSource;
import io.lockstep.data.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys {@code data.*}: what to learn from.
 *
 * @param name {@code digits}, {@code mnist} or {@code table}
 * @param dir folder of the files, or of folders named like the data sets; empty: where they are
 *     usually found
 * @param validation share of the training rows put aside, in [0, 1)
 * @param split which rows are put aside
 * @param scaling how features become inputs
 * @param digits the drawn digits
 * @param table the user's own table
 */
public record DataSettings(
    String name,
    String dir,
    double validation,
    SplitMethod split,
    Scaling.Kind scaling,
    Digits digits,
    TableSettings table) {

  private static final Logger LOG = LoggerFactory.getLogger(DataSettings.class);
  private static final String TABLE = "table";

  /** The names that {@code data.name} may have. */
  public static final List<String> NAMES = List.of("digits", "mnist", TABLE);

  private static final int MOST_DIGITS = 2_000_000;

  /**
   * The keys {@code data.digits.*}.
   *
   * @param train rows for training, validation included
   * @param test rows for the test
   * @param seed of the drawing
   */
  public record Digits(int train, int test, long seed) {}

  static DataSettings read(Section data) {
    Section digits = data.section("digits");
    String name = data.choice("name", Choices.of(NAMES));
    return new DataSettings(
        name,
        data.text("dir"),
        data.share("validation"),
        data.choice("split", Choices.of(SplitMethod.values())),
        data.choiceOrAuto("scaling", Choices.of(Scaling.Kind.values()))
            .orElse(name.equals(TABLE) ? Scaling.Kind.STANDARDIZE : Scaling.Kind.UNIT),
        new Digits(
            (int) digits.wholeBetween("train", 1, MOST_DIGITS),
            (int) digits.wholeBetween("test", 1, MOST_DIGITS),
            digits.whole("seed")),
        TableSettings.read(data.section(TABLE), name.equals(TABLE)));
  }

  /** Where the data come from, unless from a table. */
  private DatasetSource source() {
    return name.equals("digits")
        ? new DigitsSource(digits.seed(), digits.train(), digits.test())
        : DatasetCatalog.standard().source(name);
  }

  /**
   * Loads, splits and scales the data.
   *
   * @param request how to look for them; {@link #dir} is put into it if it is not empty
   * @param seed of a random split
   * @throws io.lockstep.data.DataException if they cannot be had or are damaged
   */
  public Partitions load(DataRequest request, long seed) {
    DataRequest there = placed(request);
    if (name.equals(TABLE)) {
      TableSource.Loaded loaded = table.toSource().load(there);
      loaded.notes().forEach(LOG::warn);
      TrainTest sets = loaded.sets();
      return Partitions.of(
              sets.train(), sets.test(), split(seed), scaling, loaded.groups().ofRows())
          .withEncoding(loaded.encoding());
    }
    TrainTest sets = source().load(there);
    return Partitions.of(sets.train(), sets.test(), split(seed), scaling);
  }

  /** As asked, with {@link #dir} put into it if it is not empty. */
  DataRequest placed(DataRequest request) {
    return dir.isBlank() ? request : request.withDir(folder());
  }

  /**
   * The rows to learn from, those for validation included, as they are in their file; empty unless
   * the data are a table.
   *
   * @param request how to look for them
   * @throws io.lockstep.data.DataException if they cannot be had or are damaged
   */
  public Optional<Table> readTable(DataRequest request) {
    return name.equals(TABLE)
        ? Optional.of(table.toSource().readTable(placed(request)))
        : Optional.empty();
  }

  private Split split(long seed) {
    return new Split(validation, split, seed);
  }

  /**
   * The folder of the data set's files: {@link #dir}, or the one in it that is named like the set.
   */
  private Path folder() {
    Path own = Path.of(dir, name);
    return Files.isDirectory(own) ? own : Path.of(dir);
  }

  Map<String, Object> toMap() {
    return Map.of(
        "name",
        name,
        "dir",
        dir,
        "validation",
        validation,
        "split",
        Choices.nameOf(split),
        "scaling",
        Choices.nameOf(scaling),
        "digits",
        Map.of("train", digits.train(), "test", digits.test(), "seed", digits.seed()),
        TABLE,
        table.toMap());
  }

  /** All keys as {@code key=value}, as {@code --set} takes them: for another host to read. */
  public List<String> toOverrides() {
    List<String> overrides = new ArrayList<>();
    collect("data", toMap(), overrides);
    return overrides;
  }

  private static void collect(String path, Object value, List<String> overrides) {
    switch (value) {
      case Map<?, ?> section ->
          section.forEach(
              (key, inner) ->
                  collect(path + "." + ConfigUtil.joinPath((String) key), inner, overrides));
      case String text -> overrides.add(path + "=" + ConfigUtil.quoteString(text));
      default -> overrides.add(path + "=" + value);
    }
  }

  /** Without where the data lie, and where they are held. */
  Map<String, Object> toMapOfResult() {
    Map<String, Object> map = new LinkedHashMap<>(toMap());
    map.remove("dir");
    Map<String, Object> ofTable = new LinkedHashMap<>(table.toMap());
    ofTable.keySet().removeAll(List.of("file", "test", "memory"));
    map.put(TABLE, ofTable);
    return map;
  }
}
