package io.lockstep.wire;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
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
import io.lockstep.training.StepTotals;
import io.lockstep.training.TotalsPart;
import io.lockstep.training.Workplaces;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * A run over any data planes, without actors: a shard at each of the first planes, a replica at
 * each of the others; one plane may be several of them.
 */
final class PlanesRun implements ShardListener {

  static final RunIdentity RUN = new RunIdentity(0x1234, 0x5678);

  /** The number of the only plan. */
  static final int PLAN = 1;

  private static final long LIMIT_SECONDS = 120;

  final List<ShardHost> shards = new CopyOnWriteArrayList<>();
  final List<NodeExchange> exchanges = new ArrayList<>();
  final List<Double> losses = Collections.synchronizedList(new ArrayList<>());
  final List<String> disconnected = new CopyOnWriteArrayList<>();
  final Job job;
  final Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
  final Buckets buckets;
  private final List<Replica> replicas = new ArrayList<>();
  private final StepTotals totals;

  /** What shards tell is answered by another thread: they tell it under locks. */
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

  private final LongConsumer eachStep;

  /**
   * @param eachStep told of the steps of the first shard, by the thread that ends them
   */
  PlanesRun(
      Job job,
      long bucketBytes,
      List<? extends DataPlane> servers,
      List<? extends DataPlane> workers,
      LongConsumer eachStep) {
    this(
        job,
        bucketBytes,
        servers,
        servers.stream().map(DataPlane::endpoint).toList(),
        workers,
        eachStep);
  }

  /**
   * @param ways where workers reach the servers
   */
  PlanesRun(
      Job job,
      long bucketBytes,
      List<? extends DataPlane> servers,
      List<Endpoint> ways,
      List<? extends DataPlane> workers,
      LongConsumer eachStep) {
    this.job = job;
    this.eachStep = eachStep;
    this.buckets =
        new Buckets(job.network().parameters().packedLength(), bucketBytes, servers.size());
    this.totals =
        new StepTotals(
            buckets.shards(),
            (shard, step, of) ->
                shards.get(shard).totals(step, of.stream().mapToDouble(d -> d).toArray()));
    serve(servers);
    connect(ways, workers);
    shards.getFirst().activate(PLAN);
    shards.getFirst().start();
  }

  private void serve(List<? extends DataPlane> servers) {
    for (int i = 0; i < servers.size(); i++) {
      ShardHost shard =
          new ShardHost(
              job,
              buckets,
              kernels,
              i,
              servers.get(i).theta(buckets, i),
              i == 0 ? this : new Silent(i));
      shards.add(shard);
      servers.get(i).serve(RUN, shard);
    }
  }

  private void connect(List<Endpoint> endpoints, List<? extends DataPlane> workers) {
    List<Plan.Share> shares = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      shares.add(new Plan.Share(i, 1));
    }
    for (int i = 0; i < workers.size(); i++) {
      NodeExchange exchange =
          workers.get(i).connect(RUN, "worker-" + i, job, buckets, kernels, i, 1, endpoints);
      exchange.know(new Plan(PLAN, shares));
      exchanges.add(exchange);
      replicas.add(
          new Replica(new Workplaces(job, buckets, kernels, 1), exchange, 0, new Slowdown()));
    }
  }

  /** A shard, or what was its standby, waits for the totals of a step. */
  void measured(int shard, long step, TotalsPart part) {
    answers.execute(() -> totals.measured(shard, step, part));
  }

  /** A standby serves its shard. */
  void serves(ShardHost standby) {
    shards.set(standby.number(), standby);
  }

  @Override
  public void measured(long step, TotalsPart part) {
    measured(0, step, part);
  }

  private void await(List<Future<?>> running) {
    try {
      for (Future<?> future : running) {
        future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      exchanges.forEach(NodeExchange::stop); // Else the threads would never end.
      throw new AssertionError("losses so far: " + losses.size(), e);
    }
  }

  /** The same run within this JVM, references only. */
  static PlanesRun inProcess(Job job, int workers) {
    InProcessDataPlane plane = new InProcessDataPlane();
    return new PlanesRun(
        job, 1 << 20, List.of(plane), Collections.nCopies(workers, plane), step -> {});
  }

  /** Trains to the end and returns the canonical weights of the last version. */
  float[] train() {
    try (ExecutorService threads = Executors.newFixedThreadPool(replicas.size())) {
      List<Future<?>> running = new ArrayList<>();
      replicas.forEach(replica -> running.add(threads.submit(replica::run)));
      await(running);
    }
    long last = job.epochs().steps();
    NodeExchange exchange = exchanges.getFirst();
    if (!exchange.awaitWeights(0, last, 0, job.network().parameters().packedLength())) {
      throw new AssertionError("stopped before version " + last);
    }
    return job.network().parameters().toCanonical(exchange.weights(last));
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    losses.add(sums.loss / sums.weight);
    eachStep.accept(step);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {}

  @Override
  public void begun(long version, int plan) {}

  @Override
  public void disconnected(String node, String why) {
    disconnected.add(node);
  }

  private final class Silent implements ShardListener {

    private final int shard;

    Silent(int shard) {
      this.shard = shard;
    }

    @Override
    public void measured(long step, TotalsPart part) {
      PlanesRun.this.measured(shard, step, part);
    }

    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }
}
