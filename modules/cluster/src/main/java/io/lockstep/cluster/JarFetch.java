package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.cluster.RunSpec.JarLabel;
import io.lockstep.model.Jar;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The jars of a run as they arrive at a node, part by part: a message of the control plane is
 * small. Used by the node's actor, but for {@link #verified}.
 */
final class JarFetch {

  /** Bytes of a part, the last of a jar may have fewer: half of what a message may have. */
  static final int PART_BYTES = 128 << 10;

  private final List<JarLabel> labels;
  private final List<ByteBuffer> contents = new ArrayList<>();
  private int jar;

  /**
   * @param labels at least one
   * @throws IllegalArgumentException if they are more or larger than any run's may be
   */
  JarFetch(List<JarLabel> labels) {
    this.labels = labels;
    long bytes = labels.stream().mapToLong(label -> Math.max(1, label.bytes())).sum();
    if (labels.size() > Jar.MOST_JARS || bytes > Jar.MOST_BYTES) {
      throw new IllegalArgumentException(
          "jars: expected at most %d of %d bytes together but found %d of %d"
              .formatted(Jar.MOST_JARS, Jar.MOST_BYTES, labels.size(), bytes));
    }
    labels.forEach(label -> contents.add(ByteBuffer.allocate(Math.max(1, label.bytes()))));
  }

  /** The question for the next part; only while not {@link #complete}. */
  Driver.SendJarPart next(ActorRef<Node.Command> node) {
    return new Driver.SendJarPart(jar, contents.get(jar).position(), node);
  }

  /** Takes a part; returns whether it was the next one. */
  boolean accept(Node.JarPart part) {
    if (complete() || part.jar() != jar) {
      return false;
    }
    ByteBuffer content = contents.get(jar);
    int size = part.content().size();
    if (part.at() != content.position() || size < 1 || size > content.remaining()) {
      return false;
    }
    content.put(part.content().asByteBuffer());
    if (!content.hasRemaining()) {
      jar++;
    }
    return true;
  }

  /** Whether all parts are there. */
  boolean complete() {
    return jar == labels.size();
  }

  /**
   * The jars, once they are complete.
   *
   * @throws IllegalStateException if one is not what its label says
   */
  List<Jar> verified() {
    List<Jar> jars = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      JarLabel label = labels.get(i);
      Jar arrived = Jar.of(label.name(), contents.get(i).array());
      if (!arrived.sha256().equals(label.sha256())) {
        throw new IllegalStateException(
            "%s: expected sha256 %s but found %s"
                .formatted(label.name(), label.sha256(), arrived.sha256()));
      }
      jars.add(arrived);
    }
    return jars;
  }

  @Override
  public String toString() {
    return complete() ? "all jars" : labels.get(jar).name();
  }
}
