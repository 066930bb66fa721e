package io.lockstep.data;

/** A data set that is known by name. */
public sealed interface DatasetSource permits MnistSource, DigitsSource {

  /** The name in configuration key {@code data.name}, also of its folder. */
  String name();

  /** One line for people. */
  String description();

  /** Rows to learn from. */
  int trainRows();

  /** Rows to test with. */
  int testRows();

  /** Where {@link #load} would take it from now, for people; looks, but does not fetch. */
  String whereabouts(DataRequest request);

  /**
   * Loads it, or fetches it first.
   *
   * @throws DataException if it cannot be had, or is damaged
   */
  TrainTest load(DataRequest request);
}
