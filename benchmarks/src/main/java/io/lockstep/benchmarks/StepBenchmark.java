package io.lockstep.benchmarks;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.Replica;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One whole training step on one thread, as a run takes it: gather of shuffled rows, forward, loss,
 * backward with the tree over micro-batches of 32 rows, and the update by SGD with momentum 0.9.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx3g"})
public class StepBenchmark {

  @Param({"W1", "W2", "W3", "W4"})
  public BenchmarkNetwork net;

  @Param("AUTO")
  public Kernels.Choice kernels;

  private Replica replica;
  private long step;

  @Setup
  public void prepare() {
    Kernels chosen = Kernels.select(kernels);
    chosen.warmUp();
    replica = BenchmarkJob.replicas(net, BenchmarkJob.images(), net.batch(), 1, chosen).getFirst();
  }

  @Benchmark
  public boolean step() {
    return replica.step(step++);
  }
}
