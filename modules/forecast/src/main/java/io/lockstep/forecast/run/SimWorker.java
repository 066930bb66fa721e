package io.lockstep.forecast.run;

import io.lockstep.forecast.time.SimThread;
import io.lockstep.training.Evaluation;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.PartialPool;
import io.lockstep.training.Plan;
import io.lockstep.training.SteppedReplica;

/** A worker: a thread that does what its replica does, as soon as that can go on. */
final class SimWorker {

  private final World world;
  private final SimThread thread;
  private final double wakeNanos;
  private final ScriptedPasses passes;
  private final SteppedReplica replica;
  private long since;

  /**
   * @param node that it is one of
   * @param index of the node among those with workers, from 0
   * @param slot of the worker on the node
   */
  SimWorker(
      World world,
      SimMachine node,
      NodeExchange exchange,
      PartialPool partials,
      int slot,
      int index,
      StepMeter meter) {
    this.world = world;
    this.thread = node.thread();
    this.wakeNanos = node.costs().wakeNanos();
    this.passes = new ScriptedPasses(world, exchange, partials, slot, index, meter);
    this.replica = new SteppedReplica(world.job, exchange, slot, passes);
  }

  /** Takes part in the steps. */
  void run() {
    replica.run();
    poke();
  }

  void evaluate(Evaluation evaluation, long version, Plan plan) {
    replica.evaluate(evaluation, version, plan);
    poke();
  }

  /** Something may have changed for it. */
  void poke() {
    if (!thread.isBusy() && replica.isReady()) {
      world.meter.run(thread, wakeNanos, this::goOn);
    }
  }

  /** Looks again at the end, since nobody pokes a thread that is busy. */
  private void goOn() {
    if (!replica.isReady()) {
      return;
    }
    double owed = 0;
    while (owed == 0 && replica.isReady()) {
      replica.go();
      owed = passes.takeOwed();
    }
    if (owed == 0) {
      world.meter.run(thread, 0, this::goOn);
    } else {
      world.meter.run(thread, 0, this::begin); // The time at which computing begins.
      world.meter.run(thread, owed, this::computed);
    }
  }

  private void begin() {
    since = world.queue.nanos();
  }

  private void computed() {
    passes.computed(world.queue.nanos() - since);
    goOn();
  }

  /** For how long it had something to do. */
  long busyNanos() {
    return thread.busyNanos();
  }
}
