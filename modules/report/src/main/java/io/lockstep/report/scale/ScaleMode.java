package io.lockstep.report.scale;

import com.fasterxml.jackson.annotation.JsonValue;

/** What stays the same when there are more workers. */
public enum ScaleMode {
  /** The batch: each worker has a smaller part of it, and all runs end with the same weights. */
  STRONG("strong"),
  /** The part of each worker: the batch grows with the workers. */
  WEAK("weak");

  private final String word;

  ScaleMode(String word) {
    this.word = word;
  }

  /** As in options and files. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The number of rows that is the same for all cells that are compared. */
  int batch(ScaleCell cell) {
    return this == WEAK ? cell.batch() / cell.workers() : cell.batch();
  }

  /** Whether one's speed is to be compared with the other's. */
  boolean comparable(ScaleCell one, ScaleCell other) {
    return one.servers() == other.servers() && batch(one) == batch(other);
  }
}
