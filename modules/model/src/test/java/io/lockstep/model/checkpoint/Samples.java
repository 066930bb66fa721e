package io.lockstep.model.checkpoint;

import io.lockstep.kernels.Activation;
import io.lockstep.model.RunSummary.Event;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checkpoints whose every value tells their version. */
final class Samples {

  private Samples() {}

  /** The layout of a network with hidden units. */
  static ParameterLayout layout(int hidden) {
    return Network.builder(20)
        .dense(hidden, Activation.RELU)
        .output(new Categorical(), 3)
        .parameters();
  }

  static Basis basis(String batch) {
    return new Basis(
        new TreeMap<>(Map.of("train.batch", batch, "train.seed", "7")), "ab12", "cd34");
  }

  static Checkpoint checkpoint(ParameterLayout layout, long version) {
    Progress progress =
        new Progress(
            1234,
            5.25,
            0.1 + version,
            new Progress.Totals(64, Double.NaN, 3),
            Progress.Totals.NONE,
            new Score(0.1, 0.75),
            true,
            new Progress.Validations(3, 0, Double.POSITIVE_INFINITY, 0.30000000000000004, 1),
            new Progress.Best(3, 0.30000000000000004),
            List.of(new Event("joined", 2, "worker-2", "")));
    return new Checkpoint(
        version,
        version / 9,
        version % 9,
        7,
        basis("64"),
        progress,
        filled(layout, version),
        List.of(filled(layout, -version), filled(layout, 0.5f * version)));
  }

  static float[] filled(ParameterLayout layout, float value) {
    float[] values = new float[layout.canonicalLength()];
    Arrays.fill(values, value);
    return layout.toPacked(values);
  }
}
