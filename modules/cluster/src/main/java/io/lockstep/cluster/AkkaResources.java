package io.lockstep.cluster;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Shows an actor system of the class path what concerns it, which is a third of a second of its
 * start.
 *
 * <p>Akka compares the versions of its jars, for which it reads the manifests of all jars there
 * are; and to read that of a signed jar the JDK verifies the whole of it first. And it reads the
 * reference configurations of all its jars and loads whatever they name: within one JVM, nothing of
 * its clusters is needed.
 */
final class AkkaResources extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String REFERENCE = "reference.conf";

  private static final Pattern AKKA = Pattern.compile("/akka-[^/]*\\.jar!");
  private static final Pattern OF_CLUSTERS =
      Pattern.compile("/akka-(remote|cluster|distributed-data|coordination|pki)[^/]*\\.jar!");

  private final boolean withClusters;

  private AkkaResources(boolean withClusters) {
    super(AkkaResources.class.getClassLoader());
    this.withClusters = withClusters;
  }

  /** For a system within this JVM. */
  static ClassLoader ofLocalSystem() {
    return new AkkaResources(false);
  }

  /** For a system of a cluster. */
  static ClassLoader ofCluster() {
    return new AkkaResources(true);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = Collections.list(super.getResources(name));
    if (name.equals(MANIFEST)) {
      all.removeIf(url -> !AKKA.matcher(url.getPath()).find());
    } else if (name.equals(REFERENCE) && !withClusters) {
      all.removeIf(url -> OF_CLUSTERS.matcher(url.getPath()).find());
    }
    return Collections.enumeration(all);
  }
}
