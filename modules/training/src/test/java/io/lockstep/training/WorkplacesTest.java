package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockstep.kernels.Kernels;
import io.lockstep.training.Workplaces.Workplace;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkplacesTest {

  private static final int WORKERS = 16;
  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.SCALAR);

  private final Job job = SmallJob.of(WORKERS, 7);

  /** A run in which sixteen workers share a few places. */
  private ThreadedRun crowd(int places) {
    List<Plan.Share> shares = List.of(new Plan.Share(0, WORKERS));
    return new ThreadedRun(job, shares, 1, 1, List.of(KERNELS), places);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void sixteenWorkersInFewPlacesGiveTheWeightsOfOne(int places) {
    ThreadedRun one = new ThreadedRun(job, 1, 1, 1, List.of(KERNELS)).train();

    ThreadedRun crowd = crowd(places).train();

    assertThat(crowd.weights()).isEqualTo(one.weights());
    assertThat(crowd.losses).isEqualTo(one.losses);
    assertThat(crowd.evaluations).isEqualTo(one.evaluations);
  }

  /** One for each level of the tree in which a partial waits, and the one that is computed. */
  @Test
  void aStepOfSixteenWorkersHoldsAsManyGradientsAsItsTreeIsDeep() {
    ThreadedRun crowd = crowd(1);

    crowd.replicas.forEach(replica -> assertThat(replica.takePart(0)).isTrue());

    assertThat(crowd.shards.getFirst().step()).isEqualTo(1);
    assertThat(crowd.workplaces.getFirst().partials().size()).isEqualTo(5);
  }

  /** Neither a pass nor a gradient: a hundredth of either. */
  @Test
  void aFurtherReplicaTakesNextToNoMemory() {
    ThreadedRun crowd = crowd(2);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    new Replica(crowd.workplaces.getFirst(), crowd.exchange, 0, new Slowdown());
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(bytes).isLessThan(Float.BYTES * job.network().parameters().packedLength() / 100);
  }

  @Test
  void theLowestSlotThatWaitsComesFirst() throws InterruptedException {
    Workplaces workplaces =
        new Workplaces(
            job, new Buckets(job.network().parameters().packedLength(), 1, 1), KERNELS, 4, 1);
    workplaces.join();
    Workplace only = workplaces.take(0);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> others = new ArrayList<>();
    for (int slot : new int[] {3, 1, 2}) {
      others.add(Thread.ofPlatform().daemon().start(() -> pass(workplaces, slot, order)));
    }
    while (workplaces.waiting() < others.size()) {
      Thread.onSpinWait();
    }

    workplaces.giveBack(only);

    for (Thread other : others) {
      assertThat(other.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(order).containsExactly(1, 2, 3);
    assertThat(workplaces.take(0)).isSameAs(only);
  }

  private static void pass(Workplaces workplaces, int slot, List<Integer> order) {
    Workplace place = workplaces.take(slot);
    order.add(slot);
    workplaces.giveBack(place);
  }
}
