package io.lockstep.cluster;

import io.lockstep.model.Jar;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.Job;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
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
            job.mostLeaves());
    return new RunSpec(
        name,
        new RunIdentity(RANDOM.nextLong(), firstBytes(prepared.fingerprint())),
        configuration,
        prepared.fingerprint(),
        shape,
        request.bucketBytes(),
        request.servers(),
        request.patienceSeconds(),
        jars.stream().map(RunSpec.JarLabel::of).toList());
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
