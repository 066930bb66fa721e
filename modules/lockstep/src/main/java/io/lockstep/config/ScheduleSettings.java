package io.lockstep.config;

import io.lockstep.optim.LearningRateSchedule;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The keys {@code schedule.*}: how the learning rate goes on.
 *
 * @param name which curve
 * @param everySteps steps until the rate is multiplied by {@code factor} (step, exponential)
 * @param factor in (0, 1]
 * @param totalSteps steps of the half wave, after the warm-up (cosine); empty: all of the run's
 * @param finalRate learning rate at the end (cosine)
 * @param warmupSteps steps of the linear rise at the start; 0: none
 */
public record ScheduleSettings(
    Name name,
    long everySteps,
    double factor,
    OptionalLong totalSteps,
    double finalRate,
    long warmupSteps) {

  /** The values of {@code schedule.name}. */
  public enum Name {
    CONSTANT,
    STEP,
    EXPONENTIAL,
    COSINE
  }

  static ScheduleSettings read(Section schedule, double learningRate) {
    return new ScheduleSettings(
        schedule.choice("name", Choices.of(Name.values())),
        schedule.wholeAtLeast("everySteps", 1),
        schedule.real("factor", "a number above 0 and at most 1", x -> x > 0 && x <= 1),
        schedule.wholeOrAuto("totalSteps", "of at least 1", n -> n >= 1),
        schedule.real(
            "finalRate",
            "a number from 0 to optimizer.learningRate (" + learningRate + ")",
            x -> x >= 0 && x <= learningRate),
        schedule.wholeAtLeast("warmupSteps", 0));
  }

  /**
   * The schedule that these settings describe.
   *
   * @param learningRate the rate that it starts from
   * @param runSteps steps of the whole run, which a cosine without {@link #totalSteps} spans
   */
  public LearningRateSchedule toSchedule(double learningRate, long runSteps) {
    long wave = totalSteps.orElse(Math.max(1, runSteps - warmupSteps));
    LearningRateSchedule schedule =
        switch (name) {
          case CONSTANT -> new LearningRateSchedule.Constant(learningRate);
          case STEP -> new LearningRateSchedule.Step(learningRate, factor, everySteps);
          case EXPONENTIAL ->
              new LearningRateSchedule.Exponential(learningRate, factor, everySteps);
          case COSINE -> new LearningRateSchedule.Cosine(learningRate, wave, finalRate);
        };
    return schedule.withWarmUp(warmupSteps);
  }

  Map<String, Object> toMap() {
    return Map.of(
        "name", Choices.nameOf(name),
        "everySteps", everySteps,
        "factor", factor,
        "totalSteps", totalSteps.isPresent() ? totalSteps.getAsLong() : Section.AUTO,
        "finalRate", finalRate,
        "warmupSteps", warmupSteps);
  }
}
