package io.lockstep.forecast.run;

import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Simulated;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What has been used of everything until a time.
 *
 * @param steps that are done
 * @param nanos the time
 * @param busy for how long each thing had something to do
 * @param arithmetic for how long the shards of each node have added and updated
 * @param events of the simulation
 */
record Usage(int steps, long nanos, List<Busy> busy, List<Double> arithmetic, long events) {

  /** A link, the event loops of a server, or a worker. */
  private record Busy(Resource resource, long nanos) {}

  static Usage of(SimCluster cluster) {
    World world = cluster.world();
    return new Usage(
        cluster.steps().steps(),
        world.queue.nanos(),
        cluster.nodes().stream().flatMap(Usage::busy).toList(),
        cluster.nodes().stream().map(Usage::arithmetic).toList(),
        world.queue.happened());
  }

  private static Stream<Busy> busy(SimNode node) {
    SimMachine machine = node.machine();
    if (node.slots() == 0) {
      return Stream.of(
          new Busy(Resource.SERVER_LINK, machine.linkNanos()),
          new Busy(Resource.AGGREGATION, machine.loopNanos()));
    }
    Stream<Busy> link = Stream.of(new Busy(Resource.WORKER_LINK, machine.linkNanos()));
    return Stream.concat(
        link, node.workers().stream().map(w -> new Busy(Resource.COMPUTE, w.busyNanos())));
  }

  private static double arithmetic(SimNode node) {
    return node.shards().served().stream().mapToDouble(SimShard::arithmetic).sum();
  }

  Simulated since(Usage before, StepMeter meter) {
    int count = steps - before.steps;
    double sum = 0;
    for (int step = before.steps; step < steps; step++) {
      sum += meter.nanos(step);
    }
    double serving =
        IntStream.range(0, arithmetic.size())
                .mapToDouble(node -> arithmetic.get(node) - before.arithmetic.get(node))
                .max()
                .orElse(0)
            / count;
    return new Simulated(
        count,
        sum / count,
        meter.parts(before.steps, steps - 1, serving),
        utilization(before),
        events);
  }

  /** Of the busiest of each kind in the time between. */
  private Map<Resource, Double> utilization(Usage before) {
    Map<Resource, Double> shares = new EnumMap<>(Resource.class);
    double nanosBetween = (double) (nanos - before.nanos);
    for (int i = 0; i < busy.size(); i++) {
      double of = (double) (busy.get(i).nanos() - before.busy.get(i).nanos());
      shares.merge(busy.get(i).resource(), Math.min(1, of / nanosBetween), Math::max);
    }
    return shares;
  }
}
