package io.lockstep.training;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which nodes a run begins with, and where its shards are; immutable. Shards move where a server is
 * lost.
 *
 * <p>Workers are taken in the order of their nodes' numbers until there are enough; shards go to
 * one node after the other, so that no node has two while another could have one.
 */
final class Placement {

  private final int[] serverOf;
  private final Set<Integer> founders;

  private Placement(int[] serverOf, Set<Integer> founders) {
    this.serverOf = serverOf;
    this.founders = founders;
  }

  /** The placement over {@code members}, in their order; empty if they do not suffice yet. */
  static Optional<Placement> of(RunShape shape, Collection<Member> members) {
    Set<Integer> founders = new TreeSet<>();
    int slots = 0;
    for (Member member : members) {
      if (member.computes() && slots < shape.workers()) {
        slots += member.slots;
        founders.add(member.node);
      }
    }
    if (slots < shape.workers() || room(members) < shape.shards()) {
      return Optional.empty();
    }
    int[] serverOf = servers(shape.shards(), members);
    for (int server : serverOf) {
      founders.add(server);
    }
    return Optional.of(new Placement(serverOf, founders));
  }

  /** The most shards that {@code members} can hold. */
  static int room(Collection<Member> members) {
    return members.stream().mapToInt(member -> member.shards).sum();
  }

  private static int[] servers(int shards, Collection<Member> members) {
    int[] serverOf = new int[shards];
    Map<Integer, Integer> taken = new TreeMap<>();
    int shard = 0;
    while (shard < shards) {
      for (Member member : members) {
        if (shard < shards && taken.getOrDefault(member.node, 0) < member.shards) {
          taken.merge(member.node, 1, Integer::sum);
          serverOf[shard++] = member.node;
        }
      }
    }
    return serverOf;
  }

  /** The nodes that the run begins with. */
  Set<Integer> founders() {
    return founders;
  }

  int serverOf(int shard) {
    return serverOf[shard];
  }

  /** The node with the leading shard. */
  int lead() {
    return serverOf[0];
  }

  /** The same, with a shard on another node. */
  Placement moved(int shard, int to) {
    int[] moved = serverOf.clone();
    moved[shard] = to;
    return new Placement(moved, founders);
  }

  /** The shards of a node. */
  List<Integer> shardsOf(int node) {
    return IntStream.range(0, serverOf.length).filter(s -> serverOf[s] == node).boxed().toList();
  }

  /** The nodes that hold shards. */
  Set<Integer> servers() {
    Set<Integer> servers = new TreeSet<>();
    for (int server : serverOf) {
      servers.add(server);
    }
    return servers;
  }

  boolean holdsShard(int node) {
    return servers().contains(node);
  }
}
