package io.lockstep.nn.diagram;

import io.lockstep.nn.diagram.Diagram.Kind;

/** What fills the boxes of each kind. */
final class Colours {

  private Colours() {}

  static String fill(Kind kind) {
    return switch (kind) {
      case INPUT -> "#e8edf3";
      case PARAMETER -> "#fdebc8";
      case OPERATION -> "#d5e8d4";
      case LOSS -> "#f8d3d0";
    };
  }

  static String line(Kind kind) {
    return switch (kind) {
      case INPUT -> "#6b7b8c";
      case PARAMETER -> "#b7791f";
      case OPERATION -> "#4d8048";
      case LOSS -> "#b0443c";
    };
  }
}
