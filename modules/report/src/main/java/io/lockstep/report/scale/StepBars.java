package io.lockstep.report.scale;

import io.lockstep.report.BarsPanel;
import io.lockstep.report.BarsPanel.Bar;
import io.lockstep.report.BarsPanel.Part;
import io.lockstep.report.drawing.Palette;
import java.util.List;

/** Steps as bars of milliseconds, of one piece or of the parts of a step. */
public final class StepBars {

  /** The parts of a step, in the order of {@code StepParts}: names and colours. */
  public static final List<Part> PARTS =
      List.of(
          new Part("computing", Palette.of(0)),
          new Part("handing on gradients", Palette.of(5)),
          new Part("adding and updating", Palette.of(2)),
          new Part("waiting for messages", Palette.of(1)),
          new Part("waiting for the slowest", Palette.of(3)));

  private StepBars() {}

  /** Bars of some parts. */
  public static BarsPanel panel(List<Part> parts, List<Bar> bars) {
    return new BarsPanel("Where a step goes", "milliseconds of a step", parts, bars);
  }
}
