package io.lockstep.forecast.run;

import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Simulated;
import java.util.EnumMap;
import java.util.Map;

/**
 * What has been used of everything until a time.
 *
 * @param steps that are done
 * @param nanos the time
 * @param busy for how long the busiest of each kind had something to do
 * @param arithmetic of the node whose shards have added and updated longest
 * @param bytesPerNode sent by a worker node, in the mean
 * @param events of the simulation
 */
record Usage(
    int steps,
    long nanos,
    Map<Resource, Double> busy,
    double arithmetic,
    double bytesPerNode,
    long events) {

  static Usage of(SimCluster cluster) {
    World world = cluster.world();
    Map<Resource, Double> busy = new EnumMap<>(Resource.class);
    double arithmetic = 0;
    double bytes = 0;
    for (SimNode node : cluster.nodes()) {
      boolean computes = node.slots() > 0;
      SimMachine machine = node.machine();
      more(busy, computes ? Resource.WORKER_LINK : Resource.SERVER_LINK, machine.linkNanos());
      if (!computes) {
        more(busy, Resource.AGGREGATION, machine.loopNanos());
      }
      for (SimWorker worker : node.workers()) {
        more(busy, Resource.COMPUTE, worker.busyNanos());
      }
      double adds = node.shards().served().stream().mapToDouble(SimShard::arithmetic).sum();
      arithmetic = Math.max(arithmetic, adds);
      bytes += node.uplink().bytes();
    }
    return new Usage(
        cluster.steps().steps(),
        world.queue.nanos(),
        busy,
        arithmetic,
        bytes / world.spec.nodes(),
        world.queue.happened());
  }

  private static void more(Map<Resource, Double> busy, Resource resource, long nanos) {
    busy.merge(resource, (double) nanos, Math::max);
  }

  Simulated since(Usage before, StepMeter meter) {
    int count = steps - before.steps;
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double sum = 0;
    for (int step = before.steps; step < steps; step++) {
      double of = meter.nanos(step);
      least = Math.min(least, of);
      most = Math.max(most, of);
      sum += of;
    }
    double serving = (arithmetic - before.arithmetic) / count;
    return new Simulated(
        count,
        sum / count,
        least,
        most,
        meter.parts(before.steps, steps - 1, serving),
        utilization(before),
        (bytesPerNode - before.bytesPerNode) / count,
        events);
  }

  private Map<Resource, Double> utilization(Usage before) {
    Map<Resource, Double> shares = new EnumMap<>(Resource.class);
    double nanosBetween = (double) (nanos - before.nanos);
    busy.forEach(
        (resource, of) ->
            shares.put(
                resource,
                Math.min(1, (of - before.busy.getOrDefault(resource, 0.0)) / nanosBetween)));
    return shares;
  }
}
