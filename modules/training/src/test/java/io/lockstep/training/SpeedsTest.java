package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plans that follow the speed of nodes: node 1 is a server, the others have a worker each. */
class SpeedsTest {

  private static final int SERVER = 1;
  private static final int WORKER = 2;
  private static final int OTHER = 3;
  private static final int THIRD = 4;
  private static final long STEPS = 1_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Of the same news, until a plan follows. */
  private static final int REPORTS = 5;

  private final RecordedOrders orders = new RecordedOrders();
  private long step;

  private RunCourse training(int microBatches, int... workers) {
    RunCourse course =
        new RunCourse(
            new RunShape(
                workers.length,
                1,
                0,
                STEPS,
                List.of(),
                RunShape.NO_CHECKPOINTS,
                0,
                EarlyStopping.OFF,
                Validations.NONE,
                microBatches,
                0),
            orders);
    course.offer(SERVER, "server", 0, 1);
    for (int worker : workers) {
      course.offer(worker, "worker-" + worker, 1, 0);
    }
    course.prepared(SERVER);
    for (int worker : workers) {
      course.prepared(worker);
    }
    course.opened(0);
    for (int worker : workers) {
      course.ready(worker);
    }
    orders.take();
    return course;
  }

  /** WORKER, OTHER and so on tell their times, in ms; 0 tells nothing. */
  private static void report(RunCourse course, double... ms) {
    for (int i = 0; i < ms.length; i++) {
      if (ms[i] > 0) {
        course.speed(WORKER + i, ms[i] * 1e6);
      }
    }
  }

  private static void reportOften(RunCourse course, double... ms) {
    for (int i = 0; i < REPORTS; i++) {
      report(course, ms);
    }
  }

  private void steps(RunCourse course, int count) {
    step += count;
    course.stepsDone(0, step, Collections.nCopies(count, new StepSums(1, 1, 1, 1)));
    orders.take();
  }

  private void begin(RunCourse course, int plan, int... nodes) {
    for (int node : nodes) {
      course.planKnown(node, plan);
    }
    orders.take();
    course.begun(step, plan);
  }

  @Test
  void halfAsFastGetsHalf() {
    RunCourse course = training(12, WORKER, OTHER);
    for (int i = 0; i < REPORTS - 1; i++) {
      report(course, 10, 20);
    }
    assertThat(orders.take()).isEmpty();

    report(course, 10, 20);
    assertThat(orders.take())
        .containsExactly("know 2 plan 2 [2x1, 3x1@50]", "know 3 plan 2 [2x1, 3x1@50]");
    course.planKnown(WORKER, 2);
    course.planKnown(OTHER, 2);
    assertThat(orders.take()).containsExactly("activate 1 plan 2", "planned 2");
    course.begun(7, 2);
    assertThat(orders.take())
        .containsExactly(
            "worker-3 REPLANNED at 7:"
                + " 4 of 12 micro-batches; one takes it 20.0 ms, others 10.0 ms");
  }

  @Test
  void whoRecoversGetsItsShareAgain() {
    RunCourse course = training(12, WORKER, OTHER);
    reportOften(course, 10, 30);
    begin(course, 2, WORKER, OTHER);
    steps(course, 30);

    reportOften(course, 10, 10);
    assertThat(orders.take())
        .containsExactly("know 2 plan 3 [2x1, 3x1]", "know 3 plan 3 [2x1, 3x1]");
    begin(course, 3, WORKER, OTHER);

    assertThat(orders.take())
        .containsExactly(
            "worker-3 REPLANNED at 30:"
                + " 6 of 12 micro-batches; one takes it 10.0 ms, others 10.0 ms");
  }

  @Test
  void whoeverChangedIsNamedEvenWhereMostAreSlowThen() {
    RunCourse course = training(16, WORKER, OTHER, THIRD);
    reportOften(course, 10, 10, 30);
    begin(course, 2, WORKER, OTHER, THIRD);
    assertThat(orders.take().getFirst()).startsWith("worker-4 REPLANNED at 0: 2 of 16");
    steps(course, 30);

    reportOften(course, 10, 30, 30);
    begin(course, 3, WORKER, OTHER, THIRD);

    assertThat(orders.take().getFirst()).startsWith("worker-3 REPLANNED at 30: 3 of 16");
  }

  @Test
  void noiseGivesNoPlan() {
    RunCourse course = training(12, WORKER, OTHER);
    for (int i = 0; i < 100; i++) {
      report(course, 10 + i % 5, 13 - i % 4);
      if (i % 3 == 0) {
        report(course, 10, 100); // Now and then even much.
      }
    }
    steps(course, 30);
    reportOften(course, 14, 10);

    assertThat(orders.take()).isEmpty();
  }

  @Test
  void noiseKeepsAPlanBySpeedAsItIs() {
    RunCourse course = training(12, WORKER, OTHER);
    reportOften(course, 10, 30);
    begin(course, 2, WORKER, OTHER);
    steps(course, 30);
    orders.take();

    for (int i = 0; i < 100; i++) {
      report(course, 10 + i % 4, 33 - i % 8);
    }

    assertThat(orders.take()).isEmpty();
  }

  @Test
  void allEquallySlowGiveNoPlan() {
    RunCourse course = training(12, WORKER, OTHER);
    reportOften(course, 10, 10);
    reportOften(course, 50, 50);

    assertThat(orders.take()).isEmpty();
  }

  @Test
  void nothingIsPlannedThatGainsNothing() {
    RunCourse course = training(2, WORKER, OTHER);
    reportOften(course, 10, 30);
    reportOften(course, 10, 30);

    assertThat(orders.take()).isEmpty();
  }

  @Test
  void plansFollowOnlyAfterSomeSteps() {
    RunCourse course = training(12, WORKER, OTHER);
    reportOften(course, 10, 30);
    begin(course, 2, WORKER, OTHER);
    steps(course, 19);
    reportOften(course, 10, 10);
    assertThat(orders.take()).isEmpty();

    steps(course, 1);
    report(course, 10, 10);

    assertThat(orders.take()).contains("know 3 plan 3 [2x1, 3x1]");
  }

  @Test
  void whoHasToldNothingCountsAsUsual() {
    RunCourse course = training(16, WORKER, OTHER, THIRD);
    reportOften(course, 10, 30);
    assertThat(orders.take()).isEmpty(); // The third may be about to tell,
    report(course, 10); // but the first does again.

    assertThat(orders.take()).contains("know 4 plan 2 [2x1, 3x1@33, 4x1]");
  }

  /** Told twice before the others have told once, it counts twice. */
  @Test
  void whoTellsOftenerIsPlannedByIt() {
    RunCourse course = training(16, WORKER, OTHER, THIRD);
    report(course, 10, 10, 10);
    for (int i = 0; i <= REPORTS; i++) {
      assertThat(orders.take()).isEmpty();
      course.speed(OTHER, 30e6);
    }

    assertThat(orders.take()).contains("know 3 plan 2 [2x1, 3x1@33, 4x1]");
  }

  /** Each node tells once a second: no one's report may cost what all together do. */
  @Test
  void reportsCostInProportionToNodes() {
    double few = bytesOfReports(64);
    double more = bytesOfReports(256);
    double many = bytesOfReports(1_024);

    assertThat(more / few).isLessThan(5);
    assertThat(many / more).isLessThan(5);
  }

  /** What is allocated while all nodes tell as often as a plan needs, which none follows. */
  private long bytesOfReports(int nodes) {
    RunCourse course = training(nodes, IntStream.range(WORKER, WORKER + nodes).toArray());
    double[] times = new double[nodes];
    Arrays.setAll(times, i -> 10 + i % 4);
    reportOften(course, times);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    reportOften(course, times);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void aNewcomerHasTheUsualSpeed() {
    RunCourse course = training(16, WORKER, OTHER);
    reportOften(course, 10, 30);
    begin(course, 2, WORKER, OTHER);
    orders.take();
    course.offer(THIRD, "worker-4", 1, 0);
    course.prepared(THIRD);
    course.ready(THIRD);

    assertThat(orders.take()).contains("know 4 plan 3 [2x1, 3x1@33, 4x1]");
  }

  @Test
  void changesNothingWhileAnotherPlanIsUnderWayNorOfAStranger() {
    RunCourse course = training(12, WORKER, OTHER);
    course.drain(OTHER);
    orders.take();

    reportOften(course, 10, 30);
    course.speed(99, 1e6);

    assertThat(orders.take()).isEmpty();
  }
}
