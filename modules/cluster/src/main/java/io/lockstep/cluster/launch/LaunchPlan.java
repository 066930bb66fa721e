package io.lockstep.cluster.launch;

import io.lockstep.cluster.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which processes a run is made of, and where they run.
 *
 * @param nodes parameter servers first; the first of them is the one that all others join
 */
public record LaunchPlan(List<PlannedNode> nodes) {

  /** Copies the list. */
  public LaunchPlan {
    nodes = List.copyOf(nodes);
  }

  /**
   * What was asked for.
   *
   * @param workers worker processes; empty for one on each host that is for workers
   * @param servers parameter-server processes
   * @param slots workers in each process, where the host says nothing else
   */
  public record Wish(OptionalInt workers, int servers, int slots) {}

  /** All processes on this machine. */
  public static LaunchPlan local(Wish wish) {
    return over(List.of(Host.local()), wish);
  }

  /**
   * The processes of each kind over the hosts that are for them, in turn.
   *
   * @throws HostsException if no host is for one kind
   */
  public static LaunchPlan over(List<Host> hosts, Wish wish) {
    List<Host> forServers = having(Role.PARAMETER_SERVER, hosts);
    List<Host> forWorkers = having(Role.WORKER, hosts);
    List<PlannedNode> nodes = new ArrayList<>();
    for (int i = 0; i < wish.servers(); i++) {
      Host host = forServers.get(i % forServers.size());
      nodes.add(new PlannedNode("server-" + i, Role.PARAMETER_SERVER, 0, host));
    }
    for (int i = 0; i < wish.workers().orElse(forWorkers.size()); i++) {
      Host host = forWorkers.get(i % forWorkers.size());
      nodes.add(
          new PlannedNode("worker-" + i, Role.WORKER, host.slots().orElse(wish.slots()), host));
    }
    return new LaunchPlan(nodes);
  }

  private static List<Host> having(Role role, List<Host> hosts) {
    List<Host> having = hosts.stream().filter(host -> host.roles().contains(role)).toList();
    if (having.isEmpty()) {
      throw new HostsException(
          "%s: expected a host with the role %s but found none; add it to roles="
              .formatted(hosts.getFirst().place().replaceFirst(":[0-9]+$", ""), role.word()));
    }
    return having;
  }

  /** One more worker process, as the others are and on their hosts in turn. */
  public PlannedNode oneMoreWorker(int number) {
    List<PlannedNode> workers = nodes.stream().filter(node -> node.role() == Role.WORKER).toList();
    PlannedNode like = workers.get(number % workers.size());
    return new PlannedNode("worker-" + number, Role.WORKER, like.slots(), like.host());
  }

  /** The nodes for that role. */
  public List<String> names(Role role) {
    return nodes.stream().filter(node -> node.role() == role).map(PlannedNode::name).toList();
  }

  /** Workers in all processes. */
  public int workers() {
    return nodes.stream().mapToInt(PlannedNode::slots).sum();
  }

  /** Parameter servers. */
  public int servers() {
    return (int) nodes.stream().filter(node -> node.role() == Role.PARAMETER_SERVER).count();
  }

  /** The hosts that something runs on. */
  public List<Host> hosts() {
    return nodes.stream().map(PlannedNode::host).distinct().toList();
  }
}
