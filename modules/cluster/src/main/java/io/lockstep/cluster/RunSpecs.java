package io.lockstep.cluster;

import io.lockstep.model.Jar;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.Job;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
import io.lockstep.training.Validations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/** Makes the description of a run from its job. */
final class RunSpecs {

  private static final SecureRandom RANDOM = new SecureRandom();

  private RunSpecs() {}

  static RunSpec of(
      String name,
      String configuration,
      List<Jar> jars,
      PreparedJob prepared,
      RunRequest request,
      Checkpointing checkpointing) {
    Job job = prepared.job();
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, request.bucketBytes(), request.servers());
    List<Evaluation> evaluations =
        Stream.of(Evaluation.values()).filter(e -> e.rows(job).size() > 0).toList();
    RunShape shape =
        new RunShape(
            request.workers(),
            buckets.shards(),
            checkpointing.first(),
            job.epochs().steps(),
            evaluations,
            checkpointing.everySteps(),
            checkpointing.everyEpoch() ? job.epochs().sampler().stepsPerEpoch() : 0,
            job.stopping(),
            checkpointing.validations(),
            job.mostLeaves(),
            request.standbys());
    return new RunSpec(
        name,
        new RunIdentity(RANDOM.nextLong(), firstBytes(prepared.fingerprint())),
        configuration,
        prepared.fingerprint(),
        shape,
        request.bucketBytes(),
        request.servers(),
        request.patienceSeconds(),
        jars.stream().map(RunSpec.JarLabel::of).toList(),
        request.traced());
  }

  /**
   * The description of a run that goes on with the nodes that are left, as another: what is late of
   * the run before has no effect on it. It begins as soon as there is one worker.
   *
   * @param parameters floats of packed θ
   * @param servers parameter servers that are left
   * @param first the version that it goes on from
   * @param validations those before it
   */
  static RunSpec goingOn(
      RunSpec before, int parameters, int servers, long first, Validations validations) {
    RunShape shape = before.shape();
    RunShape next =
        new RunShape(
            1,
            new Buckets(parameters, before.bucketBytes(), servers).shards(),
            first,
            shape.steps(),
            shape.evaluations(),
            shape.checkpointEvery(),
            shape.checkpointEpoch(),
            shape.stopping(),
            validations,
            shape.microBatches(),
            shape.standbys());
    return new RunSpec(
        before.name(),
        new RunIdentity(RANDOM.nextLong(), before.identity().configuration()),
        before.configuration(),
        before.fingerprint(),
        next,
        before.bucketBytes(),
        servers,
        before.patienceSeconds(),
        before.jars(),
        before.traced());
  }

  private static long firstBytes(Fingerprint fingerprint) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] text = fingerprint.toString().getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(digest.digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
