package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.StepTimes.Sample;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class StepTimesTest {

  private static Sample sample(long step, int workers, long... times) {
    return new Sample(step, workers, 2, times[0], times[1], times[2], times[3], 0, 0);
  }

  private static List<Long> steps(List<Sample> samples) {
    return samples.stream().map(Sample::step).toList();
  }

  @Test
  void addsWhatWorkersTellAndKeepsTheLeastWait() {
    StepTimes times = new StepTimes(10, 2);
    times.worked(3, 2, 50, 5, 20);
    times.worked(3, 2, 40, 7, 30);

    assertThat(times.take(4)).containsExactly(sample(3, 2, 90, 12, 50, 20));
    assertThat(times.take(4)).isEmpty();
  }

  @Test
  void givesOnlyStepsThatAllWorkersHaveToldOfAndThatAreDone() {
    StepTimes times = new StepTimes(10, 2);
    for (int worker = 0; worker < 2; worker++) {
      times.worked(0, 2, 1, 0, 0);
      times.worked(2, 2, 1, 0, 0);
    }
    times.worked(1, 2, 1, 0, 0);

    assertThat(steps(times.take(2))).containsExactly(0L);
    assertThat(steps(times.take(Long.MAX_VALUE))).containsExactly(2L);
  }

  @Test
  void measuresTheSameSampleOfALongRunOnAllNodes() {
    StepTimes times = new StepTimes(100_000, 1); // 24 times 4,096: every 16th
    for (long step = 5; step < 70; step++) {
      times.worked(step, 2, step, 0, 0);
    }

    assertThat(steps(times.take(100))).containsExactly(16L, 32L, 48L, 64L);
  }

  @Test
  void keepsTheNewestWhereNobodyTakesThem() {
    StepTimes times = new StepTimes(1_000, 1);
    for (long step = 0; step < 1_000; step++) {
      times.worked(step, 2, step, 0, 0);
    }
    times.worked(3, 2, 1, 0, 0); // Too late: a newer step has its place.

    List<Sample> samples = times.take(1_000);
    assertThat(steps(samples))
        .containsExactlyElementsOf(LongStream.range(1_000 - 512, 1_000).boxed().toList());
    assertThat(samples).allMatch(sample -> sample.compute() == sample.step());
  }

  @Test
  void whatWorkersDoThemselvesWithinOneJvmIsTheirs() {
    Sample served = new Sample(1, 0, 0, 0, 0, 0, 0, 2, 40);

    assertThat(served.inOneProcess()).isEqualTo(new Sample(1, 0, 0, 0, 0, 0, 0, 42, 0));
  }

  @Test
  void anInterruptedStepIsNoSample() {
    StepTimes times = new StepTimes(10, 1);
    WorkerClock clock = new WorkerClock(times);
    clock.stepDone(0, 1); // Nobody knows when it began.
    clock.worked(1, 1);
    clock.stepDone(1, 1);
    clock.interrupt();
    clock.stepDone(2, 1);
    clock.stepDone(3, 1);

    assertThat(steps(times.take(10))).containsExactly(1L, 3L);
  }

  @Test
  void waitingForACoreIsNoWaitingForOthers() {
    StepTimes times = new StepTimes(10, 1);
    WorkerClock clock = new WorkerClock(times);
    clock.stepDone(0, 1);
    clock.awaitedCore(30);
    clock.worked(12, 1);
    clock.stepDone(1, 1);

    assertThat(times.take(10).getLast().compute()).isEqualTo(42);
  }

  /** Real replicas and shards: each step in which nobody evaluated is there, and adds up. */
  @Test
  void partsOfARealStepAreWithinIt() {
    Job job = SmallJob.of(6, 7, 0.01, 4);
    ThreadedRun run =
        new ThreadedRun(job, 2, 1, 1, List.of(Kernels.select(Kernels.Choice.SCALAR))).train();

    List<Sample> workers = run.exchange.times().take(Long.MAX_VALUE);
    List<Sample> servers = run.shards.getFirst().times().take(Long.MAX_VALUE);
    List<Long> whole =
        LongStream.range(1, job.epochs().steps())
            .filter(step -> !job.epochs().endsEpoch(step - 1))
            .boxed()
            .toList();
    assertThat(steps(workers)).containsExactlyElementsOf(whole);
    assertThat(steps(servers)).hasSize((int) job.epochs().steps());
    assertThat(workers)
        .allMatch(s -> s.workers() == 2 && s.compute() > 0 && s.add() > 0 && s.give() >= s.add())
        .allMatch(s -> s.leastWaiting() >= 0 && 2 * s.leastWaiting() <= s.waiting());
    assertThat(servers).allMatch(s -> s.workers() == 0 && s.serve() > 0);
  }
}
