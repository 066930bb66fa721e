package io.lockstep.cluster;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.kernels.Kernels;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.Job;
import io.lockstep.training.SmallJob;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.wire.WireSettings.Transport;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nodes of one cluster within this JVM, on free ports of the loopback interface. */
final class TestCluster implements AutoCloseable {

  static final Fingerprint FINGERPRINT = new Fingerprint("conf", "data", "layout", 1, "numerics");
  static final Kernels KERNELS = Kernels.select(Kernels.Choice.AUTO);
  static final Job JOB = SmallJob.of(6, 7);

  /** Its steps need a total over all of θ. */
  static final Job CLIPPED = SmallJob.clipped(6, 7);

  /** Its steps need totals of all that the optimizer keeps. */
  static final Job QUASI_NEWTON = SmallJob.quasiNewton(6, 7);

  private static final String LOOPBACK = "127.0.0.1";
  private static final int PATIENCE_SECONDS = 60;

  /** Small, so that θ has several buckets. */
  private static final long BUCKET_BYTES = 1 << 14;

  private final ClusterKey key = ClusterKey.create();
  private final Deque<ClusterNode> nodes = new ArrayDeque<>();
  private final Job job;
  private final boolean driverCoordinates;
  private final int standbys;
  private TraceWindow traced = TraceWindow.NONE;
  private HostPort seed;

  /** Its coordinator lives with a server, and its shards have no standbys. */
  TestCluster() {
    this(JOB, false, 0);
  }

  private TestCluster(Job job, boolean driverCoordinates, int standbys) {
    this.job = job;
    this.driverCoordinates = driverCoordinates;
    this.standbys = standbys;
  }

  /** As {@link #TestCluster()}, with another job. */
  static TestCluster of(Job job) {
    return new TestCluster(job, false, 0);
  }

  /** As of a launch: the coordinator lives with the driver, and each shard has a standby. */
  static TestCluster launched() {
    return launched(JOB);
  }

  static TestCluster launched(Job job) {
    return new TestCluster(job, true, 1);
  }

  /** As {@link #TestCluster()}, but each shard has a standby. */
  static TestCluster withStandbys() {
    return withStandbys(JOB);
  }

  static TestCluster withStandbys(Job job) {
    return new TestCluster(job, false, 1);
  }

  ClusterNode server(String name) {
    return start(name, Set.of(Role.PARAMETER_SERVER), 1, FINGERPRINT, 0, 0, Transport.AUTO);
  }

  /** A server whose data plane others reach at another port. */
  ClusterNode server(String name, int dataPort, int advertisedDataPort) {
    Set<Role> role = Set.of(Role.PARAMETER_SERVER);
    return start(name, role, 1, FINGERPRINT, dataPort, advertisedDataPort, Transport.AUTO);
  }

  ClusterNode worker(String name, int slots) {
    return worker(name, slots, FINGERPRINT);
  }

  ClusterNode worker(String name, int slots, Fingerprint fingerprint) {
    return start(name, Set.of(Role.WORKER), slots, fingerprint, 0, 0, Transport.AUTO);
  }

  /** A worker that uses no Unix sockets. */
  ClusterNode workerOverTcp(String name) {
    return start(name, Set.of(Role.WORKER), 1, FINGERPRINT, 0, 0, Transport.TCP);
  }

  private ClusterNode start(
      String name,
      Set<Role> roles,
      int slots,
      Fingerprint fingerprint,
      int dataPort,
      int advertisedDataPort,
      Transport transport) {
    NodeOptions options =
        new NodeOptions(
            name,
            roles,
            roles.contains(Role.PARAMETER_SERVER) && !driverCoordinates,
            slots,
            LOOPBACK,
            0,
            dataPort,
            LOOPBACK,
            0,
            advertisedDataPort,
            seed == null ? List.of() : List.of(seed),
            PATIENCE_SECONDS,
            Optional.of(key),
            transport,
            false,
            true,
            Optional.empty());
    ClusterNode node =
        ActorNode.start(options, (spec, jars) -> new PreparedJob(job, fingerprint, KERNELS));
    nodes.push(node);
    if (seed == null) {
      seed = node.addresses().control();
    }
    return node;
  }

  /** Has some steps of the runs that follow traced. */
  void trace(TraceWindow window) {
    traced = window;
  }

  Run run(String name, int workers, int servers, RunObserver observer) {
    return run(name, target(key, workers, servers, PATIENCE_SECONDS), observer);
  }

  /** A run of someone who does not have the cluster's key. */
  Run stranger(String name, int patienceSeconds) {
    return run(name, target(ClusterKey.create(), 1, 1, patienceSeconds), new RunObserver() {});
  }

  private Run run(String name, ClusterTarget target, RunObserver observer) {
    PreparedJob prepared = new PreparedJob(job, FINGERPRINT, KERNELS);
    return target.start(
        name,
        "",
        List.of(),
        prepared,
        standbys,
        BUCKET_BYTES,
        traced,
        Checkpointing.NONE,
        observer);
  }

  private ClusterTarget target(ClusterKey with, int workers, int servers, int patienceSeconds) {
    return new ClusterTarget(
        List.of(seed),
        Optional.of(with),
        LOOPBACK,
        workers,
        servers,
        Transport.AUTO,
        false,
        driverCoordinates,
        patienceSeconds);
  }

  /** The last first: the seed is the oldest, with the coordinator. */
  @Override
  public void close() {
    nodes.forEach(ClusterNode::close);
  }
}
