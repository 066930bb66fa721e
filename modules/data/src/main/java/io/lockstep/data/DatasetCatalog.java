package io.lockstep.data;

import java.util.List;

/** The data sets that are known by name. Immutable and thread-safe. */
public final class DatasetCatalog {

  private final List<DatasetSource> sources;

  /** A catalog of the given data sets. */
  public DatasetCatalog(List<DatasetSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /** {@code digits} and {@code mnist}. */
  public static DatasetCatalog standard() {
    return new DatasetCatalog(List.of(DigitsSource.standard(), MnistSource.published()));
  }

  /** All of them. */
  public List<DatasetSource> sources() {
    return sources;
  }

  /** Their names. */
  public List<String> names() {
    return sources.stream().map(DatasetSource::name).toList();
  }

  /**
   * The data set of the given name.
   *
   * @throws DataException if there is none, naming the nearest known name
   */
  public DatasetSource source(String name) {
    return sources.stream()
        .filter(source -> source.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new DataException(unknown(name)));
  }

  private String unknown(String name) {
    String hint =
        NearestName.of(name, names()).map(near -> "; did you mean '" + near + "'?").orElse("");
    return "data.name: unknown data set '%s', expected one of: %s%s"
        .formatted(name, String.join(", ", names()), hint);
  }
}
