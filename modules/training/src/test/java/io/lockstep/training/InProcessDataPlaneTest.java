package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InProcessDataPlaneTest {

  private static final RunIdentity RUN = new RunIdentity(1, 1);
  private static final Job JOB = SmallJob.of(6, 7);
  private static final long STEPS = JOB.epochs().steps();

  private final Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
  private final Buckets buckets =
      new Buckets(JOB.network().parameters().packedLength(), 1 << 14, 1);
  private final InProcessDataPlane plane = new InProcessDataPlane();
  private final Theta theta = plane.theta(buckets, 0);
  private final List<Endpoint> servers = List.of(plane.endpoint());
  private ShardHost shard;
  private Replica replica;

  @BeforeEach
  void serve() {
    shard = new ShardHost(JOB, buckets, kernels, 0, theta, new Silent());
    plane.serve(RUN, shard);
    NodeExchange exchange = plane.connect(RUN, "", JOB, buckets, kernels, 0, 1, servers);
    exchange.know(new Plan(1, List.of(new Plan.Share(0, 1))));
    shard.activate(1);
    shard.start();
    Workplaces workplaces = new Workplaces(JOB, buckets, kernels, 1);
    replica = new Replica(workplaces, exchange, 0, new Slowdown());
  }

  private static final class Silent implements ShardListener {
    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }

  private void train(long from, long to) {
    for (long step = from; step < to; step++) {
      assertThat(replica.step(step)).isTrue();
    }
  }

  private TrainingState fetch(long version) {
    return plane.fetch(RUN, "", JOB, buckets, version, servers);
  }

  @Test
  void aSnapshotIsNotTouchedByTheStepsThatFollow() {
    shard.keeping().snapshotAt(2);
    train(0, 2);
    float[] weights = theta.array(2).clone();

    TrainingState fetched = fetch(2);
    train(2, 4);

    assertThat(fetched.theta()).isEqualTo(weights);
    assertThat(shard.keeping().copies()).isZero();
  }

  @Test
  void theNextSnapshotIsFetchedIntoTheSameArrays() {
    shard.keeping().snapshotAt(1);
    train(0, 2);
    float[] first = fetch(1).theta();
    shard.keeping().snapshotAt(3);
    train(2, 3);

    assertThat(fetch(3).theta()).isSameAs(first).isEqualTo(theta.array(3));
  }

  @Test
  void theLastStateIsNotCopied() {
    train(0, STEPS);
    shard.keeping().snapshotAt(STEPS);

    TrainingState last = fetch(STEPS);

    assertThat(last.theta()).isSameAs(theta.array(STEPS));
    assertThat(last.arrays()).hasNumberOfRows(shard.keeping().stateArrays());
    assertThat(IntStream.range(1, last.arrays().length))
        .allSatisfy(
            array ->
                assertThat(last.arrays()[array]).isEqualTo(shard.keeping().snapshot(STEPS, array)));
    assertThat(plane.weights(RUN, "", JOB, buckets, STEPS, servers)).isSameAs(last.theta());
  }

  @Test
  void whatHasHaltedWithOlderBucketsIsPutTogether() {
    shard.keeping().snapshotAt(1);
    train(0, 1);
    float[] weights = theta.array(1).clone();
    train(1, 2);
    shard.halt();

    TrainingState fetched = fetch(1);

    assertThat(fetched.theta()).isEqualTo(weights).isNotSameAs(theta.array(1));
  }
}
