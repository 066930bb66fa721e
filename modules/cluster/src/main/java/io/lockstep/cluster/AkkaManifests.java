package io.lockstep.cluster;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Shows an actor system the manifests of Akka's jars alone.
 *
 * <p>Akka compares the versions of its jars when a system starts, for which it reads the manifests
 * of all jars there are; to read one of a signed jar the JDK verifies the whole of it first, which
 * takes a tenth of a second.
 */
final class AkkaManifests extends ClassLoader {

  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  AkkaManifests(ClassLoader parent) {
    super(parent);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    Enumeration<URL> all = super.getResources(name);
    if (!name.equals(MANIFEST)) {
      return all;
    }
    List<URL> own =
        Collections.list(all).stream().filter(url -> url.getPath().contains("/akka-")).toList();
    return Collections.enumeration(own);
  }
}
