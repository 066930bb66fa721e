package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.optim.Lbfgs;
import io.lockstep.optim.NormClipped;
import io.lockstep.optim.Optimizer;
import io.lockstep.optim.RmsProp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The recovery rules over many random orders of failures, joins, delays and doubled messages: in
 * each, what is told and what is left are bit for bit those of an undisturbed run.
 *
 * <p>{@code -Dlockstep.schedules=N} runs N of them, {@code -Dlockstep.schedule=SEED} one, with all
 * that happens in it.
 */
class SchedulesTest {

  private static final int USUAL_COUNT = 2_000;
  private static final int LAST_LINES = 300;
  private static final Optimizer OPTIMIZER = new RmsProp(0.9, 1e-7, 0.5, 0.001);

  /** Steps need the norm of the gradient, which is far above this. */
  private static final Optimizer CLIPPED = new NormClipped(OPTIMIZER, 2);

  /** Steps need sums over the state, too, which each version changes. */
  private static final Optimizer MEASURED = new Lbfgs(2, 0.001);

  private final Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
  private final List<ModelJob> models = new ArrayList<>();
  private final List<UndisturbedRun> expected = new ArrayList<>();

  private void add(int epochs, int validationRows, GradientFormat format, EarlyStopping stopping) {
    add(epochs, validationRows, format, stopping, OPTIMIZER);
  }

  private void add(
      int epochs,
      int validationRows,
      GradientFormat format,
      EarlyStopping stopping,
      Optimizer optimizer) {
    models.add(new ModelJob(epochs, validationRows, format, stopping, optimizer));
    expected.add(new UndisturbedRun(models.getLast(), kernels));
  }

  private void addAll() {
    add(3, ModelJob.VALIDATION_ROWS, GradientFormat.FLOAT32, EarlyStopping.OFF);
    add(2, ModelJob.VALIDATION_ROWS, GradientFormat.FLOAT32, EarlyStopping.OFF);
    add(3, ModelJob.VALIDATION_ROWS, GradientFormat.BFLOAT16, EarlyStopping.OFF);
    add(6, ModelJob.VALIDATION_ROWS, GradientFormat.FLOAT32, new EarlyStopping(2, 0, true));
    add(3, 0, GradientFormat.FLOAT32, EarlyStopping.OFF);
    add(12, ModelJob.VALIDATION_ROWS, GradientFormat.FLOAT32, EarlyStopping.OFF);
    add(3, 0, GradientFormat.FLOAT32, EarlyStopping.OFF, CLIPPED);
    add(
        6,
        ModelJob.VALIDATION_ROWS,
        GradientFormat.FLOAT32,
        new EarlyStopping(2, 0, true),
        CLIPPED);
    add(12, ModelJob.VALIDATION_ROWS, GradientFormat.BFLOAT16, EarlyStopping.OFF, CLIPPED);
    add(4, ModelJob.VALIDATION_ROWS, GradientFormat.FLOAT32, EarlyStopping.OFF, MEASURED);
  }

  @Test
  void bitsAreThoseOfAnUndisturbedRun() {
    addAll();
    Long only = Long.getLong("lockstep.schedule");
    int count = Integer.getInteger("lockstep.schedules", USUAL_COUNT);
    for (long seed = only == null ? 0 : only; seed < (only == null ? count : only + 1); seed++) {
      try {
        run(seed, new Schedule(seed, false));
      } catch (RuntimeException | AssertionError failure) {
        throw explained(seed, only == null ? LAST_LINES : Integer.MAX_VALUE, failure);
      }
    }
  }

  private void run(long seed, Schedule schedule) {
    int which = (int) (seed % models.size());
    SimulatedCluster cluster =
        new SimulatedCluster(schedule, models.get(which), expected.get(which), kernels);
    cluster.run();
  }

  /** The same once more, this time written down. */
  private AssertionError explained(long seed, int lines, Throwable failure) {
    Schedule schedule = new Schedule(seed, true);
    try {
      run(seed, schedule);
    } catch (RuntimeException | AssertionError again) {
      schedule.tell(() -> "then " + again);
    }
    List<String> trace = schedule.trace();
    List<String> last = trace.subList(Math.max(0, trace.size() - lines), trace.size());
    String text = "schedule %d: %s%n%s";
    return new AssertionError(
        text.formatted(seed, failure.getMessage(), String.join("\n", last)), failure);
  }
}
