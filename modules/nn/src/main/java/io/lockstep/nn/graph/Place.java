package io.lockstep.nn.graph;

/** Where a packed matrix lies; moved from evaluation to evaluation. */
final class Place {

  float[] array;
  int at;

  void move(float[] array, int at) {
    this.array = array;
    this.at = at;
  }
}
