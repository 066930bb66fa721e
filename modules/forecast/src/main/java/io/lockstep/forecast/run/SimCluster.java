package io.lockstep.forecast.run;

import io.lockstep.forecast.Resource;
import io.lockstep.forecast.time.Cores;
import io.lockstep.forecast.time.SimThread;
import io.lockstep.training.CourseReports;
import io.lockstep.training.RunCourse;
import io.lockstep.training.RunShape;
import io.lockstep.training.RunTimes;
import io.lockstep.training.Validations;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A cluster that trains: its coordinator, parameter servers and nodes with workers. */
final class SimCluster {

  private final World world;
  private final RunCourse course;
  private final SimThread coordinator;
  private final List<SimNode> nodes = new ArrayList<>();
  private final SimShard[] shards;
  private final SimNode[] servers;
  private final StepMeter steps = new StepMeter();
  private final SimReports reports = new SimReports(this);
  private long messages;

  SimCluster(World world) {
    this.world = world;
    this.shards = new SimShard[world.buckets.shards()];
    this.servers = new SimNode[shards.length];
    Cores shared = cores();
    this.coordinator = new SimThread(world.queue, world.spec.oneMachine() ? shared : cores());
    for (int i = 0; i < shards.length; i++) {
      add(-1, 0, machine(shared, Resource.SERVER_LINK, Resource.AGGREGATION));
    }
    for (int i = 0; i < world.spec.nodes(); i++) {
      add(i, world.spec.workersPerNode(), machine(shared, Resource.WORKER_LINK, Resource.COMPUTE));
    }
    this.course = new RunCourse(shape(), new SimOrders(this));
  }

  private Cores cores() {
    double[] rates =
        world.profile.passes().slowdowns().stream().mapToDouble(slower -> 1 / slower).toArray();
    return new Cores(world.spec.coresPerNode(), rates);
  }

  private SimMachine machine(Cores shared, Resource link, Resource frames) {
    Cores cores = world.spec.oneMachine() ? shared : cores();
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
        0);
  }

  /** Has all nodes join. */
  void assemble() {
    for (SimNode node : nodes) {
      int room = node.slots() == 0 ? 1 : 0;
      toCourse(to -> to.offer(node.number(), node.toString(), node.slots(), room));
    }
    world.queue.after(RunTimes.REPORT_EVERY.toNanos(), this::report);
  }

  /** Lets it train until so many steps are done. */
  void train(int until) {
    while (steps.steps() < until) {
      if (!world.queue.runNext()) {
        throw new IllegalStateException(
            "simulated run: stands still after %d steps".formatted(steps.steps()));
      }
    }
  }

  private void report() {
    for (int shard = 0; shard < shards.length; shard++) {
      if (servers[shard] != null) {
        servers[shard].tellSoon();
      }
    }
    world.queue.after(RunTimes.REPORT_EVERY.toNanos(), this::report);
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

  SimNode node(int number) {
    return nodes.get(number - 1);
  }

  List<SimNode> nodes() {
    return nodes;
  }

  SimShard open(int number, SimNode server) {
    servers[number] = server;
    shards[number] = new SimShard(world, server, number, steps);
    return shards[number];
  }

  SimShard shard(int number) {
    return shards[number];
  }

  SimNode server(int shard) {
    return servers[shard];
  }

  // Messages between actors.

  /** A message to the coordinator. */
  void toCourse(Consumer<RunCourse> message) {
    message(coordinator, () -> message.accept(course));
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
}
