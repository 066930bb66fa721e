package io.lockstep.optim;

/**
 * The learning rate of each step, a pure function of the step with the same bits on every machine.
 * Immutable and thread-safe.
 */
public sealed interface LearningRateSchedule {

  /**
   * The learning rate of a step.
   *
   * @param step number of the step, from 0
   */
  double rate(long step);

  /** This schedule with its parameters, for people. */
  String describe();

  /** This schedule after {@code steps} steps of linear warm-up; this schedule itself if 0. */
  default LearningRateSchedule withWarmUp(long steps) {
    return steps == 0 ? this : new WarmUp(steps, this);
  }

  /**
   * Always the same rate.
   *
   * @param initial above 0
   */
  record Constant(double initial) implements LearningRateSchedule {
    /** Checks the parameters. */
    public Constant {
      Checks.requirePositive("learning rate", initial);
    }

    @Override
    public double rate(long step) {
      return initial;
    }

    @Override
    public String describe() {
      return "constant(" + initial + ")";
    }
  }

  /**
   * rate = initial · factor^⌊step / every⌋.
   *
   * @param initial above 0
   * @param factor what each stage multiplies the rate by, in (0, 1]
   * @param every steps of a stage, at least 1
   */
  record Step(double initial, double factor, long every) implements LearningRateSchedule {
    /** Checks the parameters. */
    public Step {
      Checks.requirePositive("learning rate", initial);
      Checks.require(factor > 0 && factor <= 1, "step factor", "a number in (0, 1]", factor);
      Checks.require(every >= 1, "step every", "at least 1 step", every);
    }

    @Override
    public double rate(long step) {
      return initial * StrictMath.pow(factor, (double) (step / every));
    }

    @Override
    public String describe() {
      return "step(" + initial + ", factor=" + factor + ", every=" + every + ")";
    }
  }

  /**
   * rate = initial · factor^(step / steps): each {@code steps} steps multiply it by {@code factor},
   * evenly.
   *
   * @param initial above 0
   * @param factor in (0, 1]
   * @param steps at least 1
   */
  record Exponential(double initial, double factor, long steps) implements LearningRateSchedule {
    /** Checks the parameters. */
    public Exponential {
      Checks.requirePositive("learning rate", initial);
      Checks.require(factor > 0 && factor <= 1, "exponential factor", "a number in (0, 1]", factor);
      Checks.require(steps >= 1, "exponential steps", "at least 1 step", steps);
    }

    @Override
    public double rate(long step) {
      return initial * StrictMath.pow(factor, (double) step / steps);
    }

    @Override
    public String describe() {
      return "exponential(" + initial + ", factor=" + factor + ", steps=" + steps + ")";
    }
  }

  /**
   * rate = last + (initial − last) · ½ (1 + cos(π · step / steps)), then {@code last} (Loshchilov
   * and Hutter 2017, one cycle).
   *
   * @param initial above 0
   * @param steps length of the half wave, at least 1
   * @param last rate from step {@code steps} on, in [0, initial]
   */
  record Cosine(double initial, long steps, double last) implements LearningRateSchedule {
    /** Checks the parameters. */
    public Cosine {
      Checks.requirePositive("learning rate", initial);
      Checks.require(steps >= 1, "cosine steps", "at least 1 step", steps);
      Checks.require(
          last >= 0 && last <= initial, "cosine last", "a number in [0, " + initial + "]", last);
    }

    @Override
    public double rate(long step) {
      if (step >= steps) {
        return last;
      }
      double wave = StrictMath.cos(StrictMath.PI * step / steps);
      return last + (initial - last) * 0.5 * (1 + wave);
    }

    @Override
    public String describe() {
      return "cosine(" + initial + ", steps=" + steps + ", last=" + last + ")";
    }
  }

  /**
   * Linear warm-up (Goyal et al. 2017): step i of the first {@code steps} has (i + 1) / steps of
   * the schedule's first rate; the schedule begins after them, with its step 0.
   *
   * @param steps at least 1
   * @param then the schedule that follows
   */
  record WarmUp(long steps, LearningRateSchedule then) implements LearningRateSchedule {
    /** Checks the parameters. */
    public WarmUp {
      Checks.require(steps >= 1, "warm-up", "at least 1 step", steps);
    }

    @Override
    public double rate(long step) {
      return step < steps ? then.rate(0) * ((step + 1) / (double) steps) : then.rate(step - steps);
    }

    @Override
    public String describe() {
      return then.describe() + " after warm-up(" + steps + ")";
    }
  }
}
