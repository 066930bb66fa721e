package io.lockstep.cluster;

import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Salvage;
import io.lockstep.training.StepAgain;
import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import java.util.List;
import java.util.Optional;

/**
 * Brings weights and state from the shards of a run to its driver and back, over the data plane, as
 * a node that computes nothing.
 *
 * @param plane of this process
 * @param spec the run
 * @param prepared its job
 * @param resumed what the run goes on from, if it is not a new one
 */
record StateTransfer(DataPlane plane, RunSpec spec, PreparedJob prepared, Optional<Start> resumed)
    implements Driver.Transfer {

  private static final String NAME = "driver";

  @Override
  public float[] weights(long version, List<Endpoint> servers) {
    return plane.weights(spec.identity(), NAME, prepared.job(), buckets(), version, servers);
  }

  private Buckets buckets() {
    int parameters = prepared.job().network().parameters().packedLength();
    return new Buckets(parameters, spec.bucketBytes(), spec.servers());
  }

  @Override
  public TrainingState snapshot(long version, List<Endpoint> servers) {
    return plane.fetch(spec.identity(), NAME, prepared.job(), buckets(), version, servers);
  }

  @Override
  public void restore(List<Endpoint> servers) {
    TrainingState state = resumed.orElseThrow().state().get();
    plane.restore(spec.identity(), NAME, prepared.job(), buckets(), state, servers);
  }

  @Override
  public Found salvage(Salvage.Choice<?> choice, List<Endpoint> servers) {
    TrainingState found = snapshot(choice.version(), servers);
    if (choice.ahead().isEmpty()) {
      return new Found(found, null);
    }
    float[] theta = weights(choice.version(), servers);
    StepAgain made =
        StepAgain.of(prepared.job(), prepared.kernels(), buckets(), choice, theta, found);
    return new Found(made.state(), made.sums());
  }

  @Override
  public Next goOn(int servers, Validations validations, TrainingState state) {
    plane.leave(spec.identity());
    int parameters = prepared.job().network().parameters().packedLength();
    RunSpec next = RunSpecs.goingOn(spec, parameters, servers, state.version(), validations);
    Start start = new Start(state.version(), () -> state);
    return new Next(next, new StateTransfer(plane, next, prepared, Optional.of(start)));
  }
}
