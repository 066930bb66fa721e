package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.Role;
import io.lockstep.cluster.launch.LaunchPlan;
import io.lockstep.cluster.launch.NodeCommands;
import io.lockstep.cluster.launch.PlannedNode;
import java.util.List;
import java.util.stream.IntStream;

/** The nodes of a run that come, go and fail as a user asked. Used by the thread that trains. */
interface InterruptedNodes {

  /** Names of those that compute, at the start. */
  List<String> workers();

  /** Starts one more worker, and returns its name. */
  String join(int number);

  /** Has a worker leave in order. */
  void drain(String worker);

  /** Has a failure happen to a node. */
  void suffer(String node, NodeFault fault);

  /** Who was to join or leave has. */
  void changed();

  /** The processes of a launch. */
  record OfLaunch(LaunchedRun run, LaunchPlan plan, NodeCommands commands)
      implements InterruptedNodes {

    @Override
    public List<String> workers() {
      return plan.names(Role.WORKER);
    }

    @Override
    public String join(int number) {
      PlannedNode node = plan.oneMoreWorker(number);
      run.add(node, commands.of(node), false);
      return node.name();
    }

    @Override
    public void drain(String worker) {
      run.drain(worker);
    }

    @Override
    public void suffer(String node, NodeFault fault) {
      run.suffer(node, fault);
    }

    @Override
    public void changed() {
      run.changed();
    }
  }

  /** The workers of a run within this process, over sockets. */
  record Here(Training training, int count) implements InterruptedNodes {

    private static String name(int number) {
      return "worker-" + number;
    }

    @Override
    public List<String> workers() {
      return IntStream.range(0, count).mapToObj(Here::name).toList();
    }

    @Override
    public String join(int number) {
      training.join(name(number));
      return name(number);
    }

    @Override
    public void drain(String worker) {
      throw new UnsupportedOperationException("expected none to leave in order");
    }

    @Override
    public void suffer(String node, NodeFault fault) {
      training.suffer(node, fault);
    }

    @Override
    public void changed() {}
  }
}
