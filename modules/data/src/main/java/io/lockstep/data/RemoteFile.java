package io.lockstep.data;

/**
 * A file that mirrors offer as {@code <name>.gz}.
 *
 * @param name of the uncompressed file
 * @param sha256 of the uncompressed file, in lower-case hexadecimal
 * @param maxBytes that the compressed file may have; what is larger is refused while it arrives
 */
public record RemoteFile(String name, String sha256, long maxBytes) {

  /** The name of the compressed file. */
  public String gzName() {
    return name + ".gz";
  }
}
