package io.lockstep.report.forecast;

import io.lockstep.report.Numbers;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.Deployment.Places;
import io.lockstep.report.scale.ScaleResults;
import java.util.Optional;
import java.util.function.Function;

/**
 * What differs between what was measured and what was predicted, beside what both vary; each a
 * remark, if it does.
 *
 * @param predicted what all that was predicted has in common
 * @param measured what all that was measured has in common
 */
record Differences(ForecastResults.Setup predicted, ScaleResults.Setup measured) {

  /**
   * @param cpu the processor that the profile is of
   */
  Optional<String> processor(String cpu) {
    String found = measured.machine().cpu();
    return found.equals(cpu)
        ? Optional.empty()
        : Optional.of(
            "measured on another processor than the profile: %s, not %s".formatted(found, cpu));
  }

  Optional<String> places() {
    if (measured.deployment() == null) {
      return Optional.of(
          "measured where its file does not say: in one process, or by several of one machine");
    }
    Places found = measured.deployment().places();
    Places wanted = predicted.deployment().places();
    return found == wanted
        ? Optional.empty()
        : Optional.of(
            "measured with %s, predicted with %s: the error is of both"
                .formatted(words(found), words(wanted)));
  }

  private static String words(Places places) {
    return switch (places) {
      case ONE_PROCESS -> "one process (without --processes), where nothing travels";
      case ONE_MACHINE -> "processes of one machine";
      case MACHINES -> "machines of their own and links between (without --one-machine)";
    };
  }

  /** In one process they have nothing in common that matters. */
  Optional<String> workersPerNode() {
    return ofProcesses(Deployment::workersPerNode)
        .map(
            workers ->
                "measured with %s in each process, predicted with %d"
                    .formatted(
                        Numbers.count(workers, "worker"), predicted.deployment().workersPerNode()));
  }

  /** In one process nobody dies by itself. */
  Optional<String> standbys() {
    return ofProcesses(Deployment::standbys)
        .map(
            standbys ->
                standbys
                    ? "measured with standbys, predicted without them"
                    : "measured without standbys, predicted with them");
  }

  Optional<String> gradients() {
    return ofBoth(Deployment::gradients)
        .map(
            gradients ->
                "measured with gradients as %s, predicted as %s"
                    .formatted(gradients, predicted.deployment().gradients()));
  }

  private <T> Optional<T> ofProcesses(Function<Deployment, T> figure) {
    return ofBoth(figure).filter(_ -> measured.deployment().places() != Places.ONE_PROCESS);
  }

  /** As measured, if it is known and was predicted for another one. */
  private <T> Optional<T> ofBoth(Function<Deployment, T> figure) {
    return Optional.ofNullable(measured.deployment())
        .map(figure)
        .filter(found -> !found.equals(figure.apply(predicted.deployment())));
  }
}
