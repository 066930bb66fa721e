package io.lockstep.report.drawing;

import java.util.List;

/** Colours that people with colour blindness tell apart, too (Okabe and Ito 2008). Stateless. */
public final class Palette {

  private static final List<Color> COLORS =
      List.of(
          Color.of(0x0072b2),
          Color.of(0xd55e00),
          Color.of(0x009e73),
          Color.of(0xcc79a7),
          Color.of(0xe69f00),
          Color.of(0x56b4e9),
          Color.of(0x000000));

  private Palette() {}

  /** The colour of the {@code number}th of some things, from 0; after the last the first again. */
  public static Color of(int number) {
    return COLORS.get(number % COLORS.size());
  }
}
