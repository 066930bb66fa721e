package io.lockstep.training;

/**
 * What training goes on from at a version: with the configuration and the data it decides all
 * versions that follow, since all that is random is a function of seed and step.
 *
 * @param version updates applied
 * @param arrays packed θ of that version, then the optimizer's state, each laid out like it; not
 *     copied, and where they come from a {@link DataPlane} they stay until the next are asked for
 */
public record TrainingState(long version, float[][] arrays) {

  /** The arrays of a job's state: θ and those of its optimizer. */
  public static int arrays(Job job) {
    return 1 + job.optimizer().stateArrays();
  }

  /** Room for the state of {@code version}. */
  public static TrainingState empty(Job job, long version) {
    int length = job.network().parameters().packedLength();
    return new TrainingState(version, new float[arrays(job)][length]);
  }

  /** Packed θ. */
  public float[] theta() {
    return arrays[0];
  }
}
