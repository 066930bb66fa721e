package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Job;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.Slowdown;
import io.lockstep.training.SmallJob;
import io.lockstep.training.Workplaces;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The worker's actor with a real replica, and a node that is a probe. */
class WorkerTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int SLOT = 0;
  private static final RunIdentity RUN = new RunIdentity(1, 2);
  private static final Plan PLAN = new Plan(1, List.of(new Plan.Share(0, 1)));

  /** Steps of 48 rows in 6 micro-batches of 8; the last of 7 steps has 12 rows. */
  private static final long MICRO_BATCHES_PER_EPOCH = 6 * 6 + 2;

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private final TestProbe<Node.Command> node = ACTORS.kit().createTestProbe();
  private NodeExchange exchange;

  /** Connects to a shard that holds all weights. */
  private Replica replica(Job job, LongConsumer stepDone) {
    Buckets buckets = new Buckets(job.network().parameters().packedLength(), 1 << 14, 1);
    InProcessDataPlane plane = new InProcessDataPlane();
    ShardHost shard =
        new ShardHost(
            job, buckets, TestCluster.KERNELS, 0, plane.theta(buckets, 0), new Steps(stepDone));
    plane.serve(RUN, shard);
    exchange =
        plane.connect(
            RUN, "test", job, buckets, TestCluster.KERNELS, 0, 1, List.of(plane.endpoint()));
    exchange.know(PLAN);
    shard.activate(PLAN.number());
    shard.start();
    return new Replica(
        new Workplaces(job, buckets, TestCluster.KERNELS, 1), exchange, SLOT, new Slowdown());
  }

  private record Steps(LongConsumer done) implements ShardListener {

    @Override
    public void stepDone(long step, int layer, Sums sums) {
      done.accept(step);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }

  private ActorRef<Worker.Command> worker(Supplier<Replica> replicas) {
    return ACTORS.kit().spawn(Worker.create(RUN, SLOT, replicas, node.ref()));
  }

  private ActorRef<Worker.Command> ready(Replica replica) {
    ActorRef<Worker.Command> worker = worker(() -> replica);
    node.expectMessage(new Node.WorkerReady(RUN, SLOT));
    return worker;
  }

  private Throwable causeOfFailure() {
    Node.WorkerFailed failed = node.expectMessageClass(Node.WorkerFailed.class);
    assertThat(failed.run()).isEqualTo(RUN);
    assertThat(failed.slot()).isEqualTo(SLOT);
    return Causes.root(failed.cause());
  }

  @Test
  void takesPartInTheStepsThenEvaluates() {
    Job job = SmallJob.of(6, 7);
    ActorRef<Worker.Command> worker = ready(replica(job, step -> {}));

    worker.tell(new Worker.Train());
    node.expectMessage(new Node.WorkerLeft(RUN, SLOT, 2 * MICRO_BATCHES_PER_EPOCH));

    long version = job.epochs().steps();
    worker.tell(new Worker.Evaluate(List.of(Evaluation.TEST), version, PLAN));
    node.expectMessage(new Node.WorkerEvaluated(RUN, SLOT));
    ACTORS.kit().stop(worker);
  }

  @Test
  void makesItsReplicaOnAThreadThatEndsWithIt() throws Exception {
    Job job = SmallJob.of(6, 7);
    Thread[] maker = new Thread[1];
    ActorRef<Worker.Command> worker =
        worker(
            () -> {
              maker[0] = Thread.currentThread();
              return replica(job, step -> {});
            });
    node.expectMessage(new Node.WorkerReady(RUN, SLOT));
    assertThat(maker[0].getName()).isEqualTo("lockstep-worker-" + SLOT);

    ACTORS.kit().stop(worker);

    maker[0].join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    assertThat(maker[0].isAlive()).isFalse();
  }

  @Test
  void leavesTheStepsWhenTheRunIsStopped() throws Exception {
    CountDownLatch tenth = new CountDownLatch(10);
    ActorRef<Worker.Command> worker =
        ready(replica(SmallJob.of(6, 7, 0.01, 1_000_000), step -> tenth.countDown()));
    worker.tell(new Worker.Train());
    assertThat(tenth.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    exchange.stop();

    Node.WorkerLeft left = node.expectMessageClass(Node.WorkerLeft.class);
    assertThat(left.microBatches()).isGreaterThanOrEqualTo(MICRO_BATCHES_PER_EPOCH);
    ACTORS.kit().stop(worker);
  }

  @Test
  void tellsItsNodeThatTheReplicaCannotBeMade() {
    ActorRef<Worker.Command> worker =
        worker(
            () -> {
              throw new IllegalStateException("no memory for it");
            });

    assertThat(causeOfFailure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no memory for it");
    ACTORS.kit().stop(worker);
  }

  @Test
  void tellsItsNodeThatAStepHasFailed() {
    ActorRef<Worker.Command> worker =
        ready(
            replica(
                SmallJob.of(6, 7),
                step -> {
                  throw new IllegalStateException("a fault in step " + step);
                }));
    worker.tell(new Worker.Train());

    assertThat(causeOfFailure()).hasMessage("a fault in step 0");
    ACTORS.kit().stop(worker);
  }
}
