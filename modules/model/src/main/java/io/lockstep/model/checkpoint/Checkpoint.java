package io.lockstep.model.checkpoint;

import java.util.List;

/**
 * All that a run goes on from.
 *
 * @param version updates applied: the step that comes next
 * @param epoch whole epochs before that step
 * @param stepInEpoch the step's place in its epoch, from 0
 * @param seed of initial weights, order of rows and dropout: with the step it gives all of them
 * @param basis what has to be the same for the run to go on
 * @param progress what was reported so far
 * @param weights packed θ
 * @param optimizer the optimizer's state, each array laid out like packed θ; may be empty
 */
public record Checkpoint(
    long version,
    long epoch,
    long stepInEpoch,
    long seed,
    Basis basis,
    Progress progress,
    float[] weights,
    List<float[]> optimizer) {

  /** Makes the list unmodifiable; the arrays are not copied. */
  public Checkpoint {
    optimizer = List.copyOf(optimizer);
  }
}
