package io.lockstep.model.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * A checkpoint without its arrays, and how to know that these are undamaged: the content of {@code
 * manifest.json}.
 *
 * @param format of the checkpoint, {@value #FORMAT}
 * @param version see {@link Checkpoint#version}
 * @param epoch see {@link Checkpoint#epoch}
 * @param stepInEpoch see {@link Checkpoint#stepInEpoch}
 * @param seed see {@link Checkpoint#seed}
 * @param basis see {@link Checkpoint#basis}
 * @param progress see {@link Checkpoint#progress}
 * @param files the other files of the checkpoint
 */
@JsonPropertyOrder({"format", "version", "epoch", "stepInEpoch", "seed", "files"})
public record Manifest(
    @JsonProperty(required = true) int format,
    @JsonProperty(required = true) long version,
    @JsonProperty(required = true) long epoch,
    @JsonProperty(required = true) long stepInEpoch,
    @JsonProperty(required = true) long seed,
    @JsonProperty(required = true) Basis basis,
    @JsonProperty(required = true) Progress progress,
    @JsonProperty(required = true) List<Entry> files) {

  /** The format that this program writes and reads. */
  public static final int FORMAT = 1;

  /**
   * A file of the checkpoint.
   *
   * @param name without a folder
   * @param bytes its length
   * @param crc32c checksum of its bytes, eight hexadecimal digits
   */
  public record Entry(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) long bytes,
      @JsonProperty(required = true) String crc32c) {}

  /** Makes the list unmodifiable. */
  public Manifest {
    files = List.copyOf(files);
  }

  static Manifest of(Checkpoint checkpoint, List<Entry> files) {
    return new Manifest(
        FORMAT,
        checkpoint.version(),
        checkpoint.epoch(),
        checkpoint.stepInEpoch(),
        checkpoint.seed(),
        checkpoint.basis(),
        checkpoint.progress(),
        files);
  }
}
