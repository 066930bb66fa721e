package io.lockstep.forecast.run;

import io.lockstep.forecast.Resource;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.net.Nic;
import io.lockstep.forecast.time.Cores;
import io.lockstep.forecast.time.SimThread;
import java.util.ArrayList;
import java.util.List;

/**
 * A process with what it has of its machine: cores, the link to the network, threads of the data
 * plane and one for actors.
 */
final class SimMachine {

  /** As the data plane has them: one for two cores, up to this. */
  private static final int MOST_LOOPS = 4;

  private final World world;
  private final Cores cores;
  private final Nic nic;
  private final WireCosts.Path costs;
  private final List<SimThread> threads = new ArrayList<>();
  private final SimThread[] loops;
  private final SimThread control;
  private int nextLoop;

  /**
   * @param cores of its machine, which others may share
   * @param link whose link it is
   * @param frames whose frames its event loops deal with
   */
  SimMachine(World world, Cores cores, Resource link, Resource frames) {
    this.world = world;
    this.cores = cores;
    this.nic = Nic.ethernet(world.queue, world.linkRate(link));
    this.costs = world.wireCosts(frames);
    this.loops = new SimThread[Math.clamp(world.spec.hardware().coresPerNode() / 2, 1, MOST_LOOPS)];
    for (int i = 0; i < loops.length; i++) {
      loops[i] = thread(costs.loopWakeNanos());
    }
    this.control = thread();
  }

  /** One more thread of the process. */
  SimThread thread() {
    return thread(0);
  }

  private SimThread thread(double wakeNanos) {
    SimThread one = new SimThread(world.queue, cores, Math.round(wakeNanos));
    threads.add(one);
    return one;
  }

  /** The process ends, with all of its threads. */
  void stop() {
    threads.forEach(SimThread::stop);
  }

  /** Where actors run. */
  SimThread control() {
    return control;
  }

  /** The event loop of the next connection. */
  SimThread nextLoop() {
    return loops[nextLoop++ % loops.length];
  }

  Nic nic() {
    return nic;
  }

  /** What frames cost here. */
  WireCosts.Path costs() {
    return costs;
  }

  /** For how long its link has been busy, in the direction in which it was longer. */
  long linkNanos() {
    return Math.max(nic.out().busyNanos(), nic.in().busyNanos());
  }

  /** For how long the event loop that has the most to do was busy. */
  long loopNanos() {
    long most = 0;
    for (SimThread loop : loops) {
      most = Math.max(most, loop.busyNanos());
    }
    return most;
  }
}
