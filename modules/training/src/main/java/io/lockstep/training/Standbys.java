package io.lockstep.training;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The standbys of a run's shards: which node has a copy of which shard, and how one goes on in
 * place of a server that is gone.
 *
 * <p>A standby is opened while training goes on, on the node of another server or, if there is
 * none, of a worker. It counts once it has every bucket, and every step before those that it tells
 * of was told.
 *
 * <p>When the server is gone, all whose workers are connected let go of it and say which step they
 * have seen begin last. So no step begins under two plans, unless the only node that has seen one
 * begin is lost or late at that moment; and what the server may still send, if it lives, has no
 * effect. Then the standby is made the server, and workers turn to it.
 */
final class Standbys {

  private static final long NEVER = Long.MAX_VALUE;

  /** Before a node is asked again that could not have a standby, or held the steps up with it. */
  private static final int RETRY_AFTER_STEPS = 100;

  /** So often that wait is doubled at most. */
  private static final int MOST_DOUBLINGS = 12;

  private final RunState run;
  private final RunOrders orders;
  private final Map<Integer, Standby> standbys = new TreeMap<>();
  private final Map<Integer, Move> moves = new TreeMap<>();

  /** By shard, the nodes that were told of its new server and have not answered. */
  private final Map<Integer, Set<Integer>> turning = new TreeMap<>();

  private int last;
  private int moved;

  /** On a node; from a step on it has all. */
  private record Standby(int node, int number, long from) {

    boolean isFilled() {
      return from != NEVER;
    }
  }

  /** A standby is being made the server. */
  private static final class Move {

    final int to;
    final String lost;
    final Set<Integer> awaited = new TreeSet<>();
    long begunVersion = -1;
    int begunPlan = ShardHost.NO_PLAN;
    boolean promoted;

    Move(int to, String lost) {
      this.to = to;
      this.lost = lost;
    }
  }

  Standbys(RunState run) {
    this.run = run;
    this.orders = run.orders;
  }

  // How a shard gets one.

  /** Gives each shard a standby that has none, if a node can have it. */
  void place() {
    if (run.shape.standbys() == 0 || !run.is(Phase.TRAINING)) {
      return;
    }
    for (int shard = 0; shard < run.shape.shards(); shard++) {
      if (!standbys.containsKey(shard) && !moves.containsKey(shard)) {
        int of = shard;
        candidate(shard).ifPresent(member -> open(of, member.node));
      }
    }
  }

  private void open(int shard, int node) {
    last++;
    standbys.put(shard, new Standby(node, last, NEVER));
    orders.mirror(node, shard, last);
  }

  private Optional<Member> candidate(int shard) {
    return candidates(shard)
        .filter(m -> run.steps.committed() >= m.standbyAt)
        .min(
            Comparator.comparing((Member m) -> m.shards == 0) // Its memory is for workers.
                .thenComparing(m -> load(m.node)));
  }

  private Stream<Member> candidates(int shard) {
    int server = run.placement.serverOf(shard);
    return run.members.values().stream()
        .filter(m -> m.node != server && !m.draining && !m.late)
        .filter(m -> m.isReady() || run.holdsShard(m.node) || isSpare(m));
  }

  /** A parameter server that came after the run had begun. */
  private static boolean isSpare(Member member) {
    return !member.computes() && member.state == Member.State.PREPARED;
  }

  private long load(int node) {
    return standbys.values().stream().filter(standby -> standby.node() == node).count();
  }

  void filled(int node, int shard, long version) {
    if (has(node, shard)) {
      standbys.put(shard, new Standby(node, standbys.get(shard).number(), version));
      run.steps.filled(shard, version);
      event(RunEvent.What.MIRRORED, node, shard, "");
    }
  }

  private boolean has(int node, int shard) {
    return standbys.containsKey(shard) && standbys.get(shard).node() == node;
  }

  private void event(RunEvent.What what, int node, int shard, String more) {
    Member member = run.members.get(node);
    if (member != null) {
      String detail = "shard " + shard + more;
      orders.event(new RunEvent(what, run.steps.committed(), member.name, detail));
    }
  }

  // How one is given up.

  /** It could not be opened. */
  void failed(int node, int shard, String why) {
    if (has(node, shard)) {
      event(RunEvent.What.UNMIRRORED, node, shard, ": " + why);
      askLater(node);
      drop(shard);
    }
  }

  /** A shard waits for its standby. */
  void late(int shard) {
    Standby standby = standbys.get(shard);
    if (standby != null) {
      event(RunEvent.What.UNMIRRORED, standby.node(), shard, ", it holds up the steps");
      askLater(standby.node());
      drop(shard);
    }
  }

  /** Later each time, since it may fail for the same reason. */
  private void askLater(int node) {
    Member member = run.members.get(node);
    if (member != null) {
      int doublings = Math.min(member.standbyFailures++, MOST_DOUBLINGS);
      member.standbyAt = run.steps.committed() + ((long) RETRY_AFTER_STEPS << doublings);
    }
  }

  private void drop(int shard) {
    Standby standby = standbys.remove(shard);
    run.steps.forgetStandby(shard);
    Member member = run.members.get(standby.node());
    if (member != null) {
      orders.dropStandby(member.node, shard);
    }
    orders.withoutStandby(run.placement.serverOf(shard), shard, standby.number());
    place();
  }

  /** A node leaves, or is gone: its standbys with it. */
  void without(int node) {
    for (int shard : List.copyOf(standbys.keySet())) {
      if (has(node, shard)) {
        drop(shard);
      }
    }
  }

  // How one takes over.

  /** Whether the run can go on without a node that holds shards. */
  boolean cover(int node) {
    return run.is(Phase.TRAINING)
        && moves.values().stream().noneMatch(move -> move.to == node)
        && shardsOf(node).stream().allMatch(this::canTakeOver);
  }

  /** Whether {@link #cover} may be true after a while. */
  boolean mayCover(int node) {
    return run.is(Phase.TRAINING)
        && run.shape.standbys() > 0
        && (moving()
            || shardsOf(node).stream()
                .allMatch(s -> standbys.containsKey(s) || candidates(s).findAny().isPresent()));
  }

  private List<Integer> shardsOf(int node) {
    return run.placement.shardsOf(node);
  }

  private boolean canTakeOver(int shard) {
    Standby standby = standbys.get(shard);
    return standby != null && standby.isFilled() && run.steps.summed() >= standby.from();
  }

  /** A node that held shards is gone: their standbys take over. */
  void replace(int node, String name) {
    for (int shard : shardsOf(node)) {
      Move move = new Move(standbys.remove(shard).node(), name);
      moves.put(shard, move);
      turning.remove(shard);
      run.placement = run.placement.moved(shard, move.to);
      for (Member member : connected()) {
        if (member.isReady() && !member.late) {
          move.awaited.add(member.node);
        }
        orders.forsake(member.node, shard);
      }
      promoteIfNobodyIsAwaited(shard);
    }
  }

  private List<Member> connected() {
    return run.membersThat(m -> m.computes() && !m.isBeforeReady());
  }

  /** A node has let go of a server, and has seen {@code version} begin last. */
  void forsaken(int node, int shard, long version, int plan) {
    Move move = moves.get(shard);
    if (move == null || move.promoted) {
      return;
    }
    if (version > move.begunVersion) {
      move.begunVersion = version;
      move.begunPlan = plan;
    }
    move.awaited.remove(node);
    promoteIfNobodyIsAwaited(shard);
  }

  /** A node is gone, or late: nobody waits for its answer. */
  void withoutWaitingFor(int node) {
    for (int shard : List.copyOf(moves.keySet())) {
      if (moves.get(shard).awaited.remove(node)) {
        promoteIfNobodyIsAwaited(shard);
      }
    }
  }

  private void promoteIfNobodyIsAwaited(int shard) {
    Move move = moves.get(shard);
    if (!move.awaited.isEmpty() || move.promoted) {
      return;
    }
    move.promoted = true;
    promote(shard, move);
  }

  private void promote(int shard, Move move) {
    int active = Math.max(move.begunPlan, run.plans.newest().number());
    orders.promote(
        move.to,
        shard,
        new Promotion(move.begunVersion, move.begunPlan, active, run.nextHold.getAsLong()));
  }

  /**
   * The standby serves the shard.
   *
   * @return whether it was waited for
   */
  boolean opened(int shard) {
    Move move = moves.remove(shard);
    if (move == null) {
      return false;
    }
    moved++;
    turning.put(shard, new TreeSet<>());
    for (Member member : connected()) {
      turning.get(shard).add(member.node);
      orders.reconnect(member.node, shard);
    }
    event(RunEvent.What.TOOK_OVER, move.to, shard, " from " + move.lost);
    place();
    return true;
  }

  /** A node is connected with a shard's new server. */
  void reconnected(int node, int shard) {
    if (turning.containsKey(shard)) {
      turning.get(shard).remove(node);
    }
  }

  /** Whether a standby is being made a server. */
  boolean moving() {
    return !moves.isEmpty();
  }

  /** Asks again who has not answered, for a message may be lost with a connection. */
  void remind() {
    standbys.forEach(
        (shard, standby) -> {
          if (!standby.isFilled()) {
            orders.mirror(standby.node(), shard, standby.number());
          }
        });
    moves.forEach(
        (shard, move) -> {
          move.awaited.forEach(node -> orders.forsake(node, shard));
          if (move.promoted) {
            promote(shard, move);
          }
        });
    turning.forEach(
        (shard, nodes) -> {
          nodes.retainAll(run.members.keySet());
          nodes.forEach(node -> orders.reconnect(node, shard));
        });
  }

  // Newcomers, who were told where servers are when they were told to connect.

  /** A node was told to connect. */
  void connecting(Member member) {
    member.serversAt = moved;
  }

  /** Whether a server has moved since a node was told to connect, or is moving. */
  boolean knowsOldServers(Member member) {
    return member.serversAt < moved || moving();
  }

  /** A node is connected and warm: it turns to the servers that have moved meanwhile. */
  void ready(Member member) {
    if (member.serversAt < moved) {
      for (int shard = 0; shard < run.shape.shards(); shard++) {
        if (!moves.containsKey(shard)) {
          orders.reconnect(member.node, shard);
        }
      }
    }
    place();
  }
}
