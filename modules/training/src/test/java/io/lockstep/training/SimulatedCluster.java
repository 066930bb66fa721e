package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A whole run in one thread: the course, shards and nodes are the real state machines, and whatever
 * travels between them arrives when a {@link Schedule} says so.
 */
final class SimulatedCluster {

  private static final int MOST_SHARDS = 3;
  private static final int MOST_SLOTS = 2;

  /** So often what only time would bring is done for nothing before a run counts as stuck. */
  private static final int MOST_ROUNDS = 40;

  private static final int PATIENT_ROUNDS = 20;

  /** So often a shard has told of a step before all that can follow from it has. */
  private static final int MANY_TIMES = 3;

  final Schedule schedule;
  final ModelJob model;
  final Job job;
  final Buckets buckets;
  final Kernels kernels;
  final RunCourse course;
  final ShardPlaces places;
  final ReportedCourse reported;
  final SimulatedDriver driver;
  final boolean losesMessages;
  final boolean standbys;

  /** The founder that is never lost. */
  final SimulatedNode keeper;

  private final Map<Integer, SimulatedNode> nodes = new TreeMap<>();
  private final SimulatedShard[] shards;
  private final SimulatedOrders orders;
  private final SimulatedLink joins;
  private final Disturbances disturbances;

  SimulatedCluster(Schedule schedule, ModelJob model, UndisturbedRun expected, Kernels kernels) {
    this.schedule = schedule;
    this.model = model;
    this.job = model.job;
    this.kernels = kernels;
    int parameters = job.network().parameters().packedLength();
    this.buckets = new Buckets(parameters, 1, 1 + schedule.choose(MOST_SHARDS));
    this.shards = new SimulatedShard[buckets.shards()];
    this.losesMessages = schedule.oneIn(4);
    this.standbys = schedule.oneIn(2);
    this.joins = new SimulatedLink(schedule, "cluster to course");
    this.orders = new SimulatedOrders(this);
    int servers = 1 + schedule.choose(buckets.shards());
    int founders = 1 + schedule.choose(3);
    List<SimulatedNode> beginning = new ArrayList<>();
    for (int i = 0; i < servers + founders; i++) {
      boolean computes = i >= servers || schedule.oneIn(4);
      beginning.add(add(computes ? 1 + schedule.choose(MOST_SLOTS) : 0));
    }
    int slots = beginning.stream().mapToInt(node -> node.slots).sum();
    this.places = new ShardPlaces(buckets.shards());
    this.course = new RunCourse(shape(slots), orders);
    this.reported = new ReportedCourse(course, places, new Nodes());
    this.driver = new SimulatedDriver(this, expected);
    this.keeper = beginning.get(servers);
    this.disturbances = new Disturbances(this);
    int room = Math.ceilDiv(buckets.shards(), servers);
    for (SimulatedNode node : beginning) {
      offer(node, beginning.indexOf(node) < servers ? room : 0);
    }
  }

  private RunShape shape(int slots) {
    return new RunShape(
        slots,
        buckets.shards(),
        0,
        job.epochs().steps(),
        model.evaluations(),
        schedule.oneOf(List.of(RunShape.NO_CHECKPOINTS, 0L, 3L)),
        0,
        job.stopping(),
        Validations.NONE,
        job.microBatches().count(),
        standbys ? 1 : 0);
  }

  private SimulatedNode add(int slots) {
    SimulatedNode node = new SimulatedNode(this, nodes.size() + 1, slots);
    nodes.put(node.number, node);
    return node;
  }

  private void offer(SimulatedNode node, int room) {
    joins.send(node + " joins", () -> course.offer(node.number, node.toString(), node.slots, room));
  }

  /** Runs it to its end. */
  void run() {
    int rounds = 0;
    long told = 0;
    while (!driver.isOver()) {
      disturbances.maybe();
      if (driver.told() > told) {
        told = driver.told();
        rounds = 0;
      }
      if (!schedule.next()) {
        rounds++;
        assertThat(rounds).as("the run stands still: rounds").isLessThan(MOST_ROUNDS);
        timePasses(rounds);
      }
    }
  }

  /**
   * Nothing is under way: whoever owes an answer is asked again, steps are late, and at last nodes
   * that stand still are given up.
   */
  private void timePasses(int rounds) {
    schedule.tell(() -> "time passes");
    course.remind();
    if (rounds >= PATIENT_ROUNDS) {
      disturbances.endFrost();
    }
    for (SimulatedShard shard : shards) {
      if (shard != null && driver.hasStarted()) {
        shard.askForTotals();
        late(shard, MANY_TIMES);
      }
    }
  }

  /**
   * A shard tells that it waits.
   *
   * @param times as of {@link RunCourse#late}
   */
  void late(SimulatedShard shard, int times) {
    if (shard.host.mirroring().isPending()) {
      int number = shard.host.number();
      int standby = shard.standbyNumber();
      shard.link().send("the standby is late", () -> reported.standbyLate(number, standby));
      return;
    }
    OpenStep open = shard.host.openStep();
    shard.link().send(() -> "late: " + open, () -> course.late(open, times));
  }

  void join() {
    offer(add(1 + schedule.choose(MOST_SLOTS)), 0);
  }

  /** The cluster tells that a node is gone. */
  void tellLost(SimulatedNode node) {
    joins.send(
        node + " is lost",
        () -> {
          node.up.close(); // Who is no member is not listened to.
          driver.mayBreak(course.holdsShardAlone(node.number));
          course.lost(node.number, "gone");
          node.expel();
        });
  }

  /** A shard and its standby lose their connection, though both live: one of them is expelled. */
  void tellSeparated(SimulatedShard shard, SimulatedShard standby) {
    boolean standbyFirst = schedule.oneIn(2);
    SimulatedNode out = standbyFirst ? standby.node() : shard.node();
    joins.send(
        out + " is expelled",
        () -> {
          out.up.close();
          driver.mayBreak(course.holdsShardAlone(out.number));
          course.lost(out.number, "cut off");
          out.down.send("expelled", out::expel); // It may go on meanwhile.
        });
  }

  SimulatedShard openShard(int number, SimulatedNode node) {
    shards[number] = new SimulatedShard(this, number, node, CourseReports.SERVED);
    return shards[number];
  }

  void moved(SimulatedShard to) {
    shards[to.host.number()] = to;
  }

  SimulatedShard shard(int number) {
    return shards[number];
  }

  List<SimulatedShard> shards() {
    return List.of(shards);
  }

  SimulatedNode node(int number) {
    return nodes.get(number);
  }

  List<SimulatedNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /** Connections break where the schedule says so, which tells the course by itself. */
  private final class Nodes implements RunNodes {

    @Override
    public void expel(int node, String why) {
      throw new AssertionError("node %d is to be expelled: %s".formatted(node, why));
    }

    @Override
    public void expel(String name, String why) {
      throw new AssertionError(name + " is to be expelled: " + why);
    }

    @Override
    public void doesNotCount(int server, int shard, int standby) {
      SimulatedNode to = node(server);
      to.down.send("a standby does not count", () -> to.withoutStandby(shard, standby));
    }
  }
}
