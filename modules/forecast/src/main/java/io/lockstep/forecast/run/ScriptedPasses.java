package io.lockstep.forecast.run;

import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.Resource;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientSender;
import io.lockstep.training.Node;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.PartialPool;
import io.lockstep.training.SteppedPass;
import io.lockstep.training.SteppedPasses;

/** The passes of one worker: each does what its script says, and the worker's thread pays. */
final class ScriptedPasses implements SteppedPasses {

  private static final long NONE = -1;

  private final World world;
  private final NodeExchange exchange;
  private final GradientSender sender;
  private final int index;
  private final StepMeter meter;

  /** What the worker has still to compute before anything else. */
  private double owed;

  private long step = NONE;
  private long since;
  private double compute;
  private long ofPass;
  private double give;
  private double added;

  /**
   * @param partials of its node
   * @param slot of the worker on its node
   * @param index of its node among those with workers, from 0
   */
  ScriptedPasses(
      World world,
      NodeExchange exchange,
      PartialPool partials,
      int slot,
      int index,
      StepMeter meter) {
    this.world = world;
    this.exchange = exchange;
    this.sender = new GradientSender(exchange, world.buckets, partials, slot);
    this.index = index;
    this.meter = meter;
  }

  /** What is to be computed now, in nanoseconds of a core of its own; 0 for nothing. */
  double takeOwed() {
    double nanos = owed;
    owed = 0;
    return nanos;
  }

  /** It has been computed, in so much time. */
  void computed(long nanos) {
    compute += nanos;
    ofPass += nanos;
  }

  @Override
  public SteppedPass train(long of, Node node, int leaves, int topLevel) {
    if (of != step) {
      nextStep(of);
    }
    int own = node.end(leaves) - node.first();
    sender.begin(of, node, leaves, topLevel);
    return new Training(world.profile.passes().script(own), own, of);
  }

  private void nextStep(long of) {
    long now = world.meter.nanos();
    if (step != NONE) {
      meter.worked(step, (double) (now - since), compute, give, added);
    }
    step = of;
    since = now;
    compute = 0;
    give = 0;
    added = 0;
  }

  @Override
  public SteppedPass evaluate(Evaluation evaluation, long version, Node node, int units) {
    return new Evaluating(evaluation, version, node, units);
  }

  private void owe(double nanos) {
    owed += world.isFree(Resource.COMPUTE) ? 0 : nanos;
  }

  /** Of a step: the script, part by part. */
  private final class Training implements SteppedPass {

    private final PassScript script;
    private final int leaves;
    private final long of;
    private final double slowness;
    private final Sums sums = new Sums();
    private int at;

    private Training(PassScript script, int leaves, long of) {
      this.script = script;
      this.leaves = leaves;
      this.of = of;
      this.slowness = world.slowness(index, of) * leaves / script.leaves();
      sums.weight = leaves;
    }

    @Override
    public boolean isReady() {
      return at == script.parts().size()
          || !(script.parts().get(at) instanceof PassScript.Await(int from, int to))
          || isThere(from, to);
    }

    private boolean isThere(int from, int to) {
      int last = world.buckets.bucketAt(to - 1);
      for (int bucket = world.buckets.bucketAt(from); bucket <= last; bucket++) {
        if (exchange.wants(bucket, of)) {
          return false;
        }
      }
      return true;
    }

    /** Up to where something is to be computed, or weights are missing. */
    @Override
    public boolean go() {
      while (owed == 0 && at < script.parts().size() && isReady()) {
        part(script.parts().get(at));
        at++;
      }
      boolean over = at == script.parts().size() && owed == 0;
      if (over) {
        exchange.pace().computed(leaves, ofPass);
        ofPass = 0;
      }
      return over;
    }

    private void part(PassScript.Part part) {
      switch (part) {
        case PassScript.Compute(double nanos) -> owe(nanos * slowness);
        case PassScript.Await _ -> {}
        case PassScript.SumsReady() -> {
          give(() -> sender.sumsReady(sums));
          var _ = sender.takeGradient(); // Where the backward pass begins; it is empty here.
        }
        case PassScript.Ready(int from, int to) -> give(() -> sender.gradientReady(from, to));
      }
    }

    private void give(Runnable what) {
      long begun = world.meter.nanos();
      double before = world.meter.arithmetic();
      what.run();
      give += world.meter.nanos() - begun;
      added += world.meter.arithmetic() - before;
    }
  }

  /** Of an evaluation: computes, and then gives the sums. */
  private final class Evaluating implements SteppedPass {

    private final Evaluation evaluation;
    private final long version;
    private final Node node;
    private final int units;
    private boolean computed;

    private Evaluating(Evaluation evaluation, long version, Node node, int units) {
      this.evaluation = evaluation;
      this.version = version;
      this.node = node;
      this.units = units;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean go() {
      if (computed) {
        Sums sums = new Sums();
        sums.weight = node.end(units) - node.first();
        exchange.sendEvaluation(evaluation, version, node, units, sums);
        return true;
      }
      computed = true;
      owe(world.profile.passes().evaluationNanos() * (node.end(units) - node.first()));
      return false;
    }
  }
}
