package io.lockstep.forecast.run;

import io.lockstep.forecast.ForecastException;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.time.Cores;
import io.lockstep.forecast.time.SimThread;
import io.lockstep.training.CourseReports;
import io.lockstep.training.ReportedCourse;
import io.lockstep.training.RunCourse;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunEvent.What;
import io.lockstep.training.RunNodes;
import io.lockstep.training.RunShape;
import io.lockstep.training.RunTimes;
import io.lockstep.training.ShardPlaces;
import io.lockstep.training.Validations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A cluster that trains: its coordinator, parameter servers and nodes with workers. */
final class SimCluster {

  /** Longer than anybody trains with: a step of a gigabyte, by 64 nodes and slow links, is less. */
  private static final Duration LONGEST_STEP = Duration.ofHours(1);

  private final World world;
  private final RunCourse course;
  private final ShardPlaces places;
  private final ReportedCourse reported;
  private final SimThread coordinator;
  private final List<SimNode> nodes = new ArrayList<>();
  private final SimShard[] shards;
  private final StepMeter steps = new StepMeter();
  private final SimReports reports = new SimReports(this);
  private long messages;
  private int plans;

  /** Null if all have always taken part. */
  private String leftOut;

  SimCluster(World world) {
    this.world = world;
    this.shards = new SimShard[world.buckets.shards()];
    this.places = new ShardPlaces(shards.length);
    Cores shared = cores();
    this.coordinator =
        new SimThread(world.queue, world.spec.hardware().oneMachine() ? shared : cores());
    for (int i = 0; i < shards.length; i++) {
      add(-1, 0, machine(shared, Resource.SERVER_LINK, Resource.AGGREGATION));
    }
    for (int i = 0; i < world.spec.nodes(); i++) {
      add(i, world.spec.workersPerNode(), machine(shared, Resource.WORKER_LINK, Resource.COMPUTE));
    }
    this.course = new RunCourse(shape(), new SimOrders(this));
    this.reported = new ReportedCourse(course, places, new Nodes());
  }

  private Cores cores() {
    double[] rates =
        world.profile.passes().slowdowns().stream().mapToDouble(slower -> 1 / slower).toArray();
    return new Cores(world.queue, world.spec.hardware().coresPerNode(), rates);
  }

  private SimMachine machine(Cores shared, Resource link, Resource frames) {
    Cores cores = world.spec.hardware().oneMachine() ? shared : cores();
    return new SimMachine(world, cores, link, frames);
  }

  private void add(int index, int slots, SimMachine machine) {
    nodes.add(new SimNode(this, world, nodes.size() + 1, index, slots, machine));
  }

  private RunShape shape() {
    return new RunShape(
        world.spec.nodes() * world.spec.workersPerNode(),
        shards.length,
        0,
        world.job.epochs().steps(),
        List.of(),
        RunShape.NO_CHECKPOINTS,
        0,
        world.job.stopping(),
        Validations.NONE,
        world.job.microBatches().count(),
        world.spec.standbys() ? 1 : 0);
  }

  /** Has all nodes join. */
  void assemble() {
    for (SimNode node : nodes) {
      int room = node.slots() == 0 ? 1 : 0;
      toCourse(to -> to.offer(node.number(), node.toString(), node.slots(), room));
    }
    world.queue.after(RunTimes.REPORT_EVERY.toNanos(), this::report);
    world.queue.after(RunTimes.REMIND_EVERY.toNanos(), this::remind);
  }

  /** Lets it train until so many steps are done. */
  void train(int until) {
    while (steps.steps() < until) {
      trainOne();
    }
  }

  /** Until one more step is done, if not several at once. */
  private void trainOne() {
    int done = steps.steps();
    long latest = world.queue.nanos() + LONGEST_STEP.toNanos();
    while (steps.steps() == done) {
      if (!world.queue.runNext()) {
        throw new IllegalStateException(
            "simulated run: stands still after %d steps".formatted(done));
      }
      if (world.queue.nanos() > latest) {
        throw tooLong();
      }
    }
  }

  private ForecastException tooLong() {
    return new ForecastException(
        "simulated run: expected a step within %d h, found none (nodes: %d, servers: %d, links of %.0f bit/s); faster links, more servers or smaller steps are needed"
            .formatted(
                LONGEST_STEP.toHours(),
                world.spec.nodes(),
                world.spec.servers(),
                world.spec.hardware().link().bitsPerSecond()));
  }

  /** Nodes compute by a new plan from now on. */
  void planned() {
    plans++;
  }

  /** Something that concerns who takes part; the first who does not is kept. */
  void happened(RunEvent event) {
    boolean without = event.what() == What.LATE || event.what() == What.LOST;
    if (without && leftOut == null) {
      leftOut = event.node();
    }
  }

  /** The first node that others went on without, if there is any. */
  Optional<String> leftOut() {
    return Optional.ofNullable(leftOut);
  }

  /** How many plans have followed the first one. */
  int plans() {
    return plans;
  }

  /** Whether each shard has its standby. */
  boolean isMirrored() {
    return shards().allMatch(SimShard::isMirrored);
  }

  private void report() {
    nodes.forEach(node -> node.shards().tellSoon());
    world.queue.after(RunTimes.REPORT_EVERY.toNanos(), this::report);
  }

  private void remind() {
    toCourse(RunCourse::remind);
    world.queue.after(RunTimes.REMIND_EVERY.toNanos(), this::remind);
  }

  World world() {
    return world;
  }

  StepMeter steps() {
    return steps;
  }

  CourseReports reports() {
    return reports;
  }

  /** The last node that has micro-batches: where there are too few, the last nodes have none. */
  SimNode lastBusy() {
    int busy = Math.min(world.spec.nodes(), world.job.microBatches().count());
    return nodes.get(shards.length + busy - 1);
  }

  SimNode node(int number) {
    return nodes.get(number - 1);
  }

  List<SimNode> nodes() {
    return nodes;
  }

  /** Who serves which shard, and has which standby, as the coordinator knows it. */
  ShardPlaces places() {
    return places;
  }

  void serves(SimShard shard) {
    shards[shard.number()] = shard;
  }

  SimShard shard(int number) {
    return shards[number];
  }

  /** Those that are served. */
  Stream<SimShard> shards() {
    return Stream.of(shards);
  }

  // Messages between actors.

  /** A message to the coordinator. */
  void toCourse(Consumer<RunCourse> message) {
    message(coordinator, () -> message.accept(course));
  }

  /** A report to the coordinator. */
  void toReports(Consumer<ReportedCourse> report) {
    message(coordinator, () -> report.accept(reported));
  }

  /** Messages to the coordinator and from it so far. */
  long messages() {
    return messages;
  }

  /** A message to a node, from the coordinator or another node. */
  void toNode(SimNode node, Runnable message) {
    message(node.machine().control(), message);
  }

  private void message(SimThread to, Runnable message) {
    messages++;
    world.queue.at(
        world.meter.nanos() + world.latencyNanos(),
        () -> world.meter.run(to, world.controlNanos(), message));
  }

  /** Nodes that are gone, as far as the coordinator knows. */
  private final class Nodes implements RunNodes {

    @Override
    public void expel(int node, String why) {
      SimNode gone = node(node);
      if (!gone.isDead()) {
        gone.die();
      }
      course.lost(node, why);
    }

    @Override
    public void expel(String name, String why) {
      nodes.stream()
          .filter(node -> node.toString().equals(name))
          .findFirst()
          .ifPresent(node -> expel(node.number(), why));
    }

    @Override
    public void doesNotCount(int server, int shard, int standby) {
      SimNode to = node(server);
      toNode(to, () -> to.shards().withoutStandby(shard, standby));
    }
  }
}
