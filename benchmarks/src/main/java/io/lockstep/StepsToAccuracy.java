package io.lockstep;

import io.lockstep.benchmarks.LocalReplicas;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.Replica;
import io.lockstep.training.ShardListener;
import java.nio.file.Path;

/**
 * After how many steps the run of a configuration first has a given accuracy on its test rows,
 * which are looked at every {@value #EVERY} steps. Since its weights are the same however it is
 * run, that is so with any number of workers, and a run need only be timed until then.
 */
public final class StepsToAccuracy {

  /** Steps between two looks at the test rows. */
  public static final int EVERY = 100;

  private StepsToAccuracy() {}

  /**
   * Prints a line with a number of steps for each accuracy; 0 if the run does not come so far.
   *
   * @param arguments configuration, and accuracies in ascending order
   */
  public static void main(String[] arguments) throws Exception {
    Configuration configuration = Configuration.load(Path.of(arguments[0]));
    Job job = Jobs.of(configuration, configuration.loadData(DataRequest.ofProcess()));
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    kernels.warmUp();
    Test test = new Test();
    Replica replica = LocalReplicas.of(job, 1, kernels, test).getFirst();
    int next = 1;
    for (long step = 0; step < job.epochs().steps() && next < arguments.length; step++) {
      replica.step(step);
      if ((step + 1) % EVERY == 0) {
        replica.evaluate(Evaluation.TEST, step + 1);
        while (next < arguments.length && test.accuracy >= Double.parseDouble(arguments[next])) {
          System.out.println(step + 1);
          next++;
        }
      }
    }
    for (; next < arguments.length; next++) {
      System.out.println(0);
    }
  }

  /** Keeps the newest accuracy; with one replica its own thread tells it. */
  private static final class Test implements ShardListener {
    private double accuracy;

    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {
      accuracy = sums.correct / sums.weight;
    }

    @Override
    public void begun(long version, int plan) {}
  }
}
