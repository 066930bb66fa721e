package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AkkaResourcesTest {

  private static List<String> seen(ClassLoader loader, String name) throws IOException {
    return Collections.list(loader.getResources(name)).stream()
        .map(URL::getPath)
        .map(path -> path.replaceFirst(".*/([a-z-]+)(_[\\d.-]+)?[^/]*\\.jar!.*", "$1"))
        .toList();
  }

  @Test
  void systemsOfOneJvmReadNothingOfClusters() throws IOException {
    assertThat(seen(AkkaResources.ofLocalSystem(), "reference.conf"))
        .contains("akka-actor", "akka-actor-typed")
        .doesNotContain("akka-remote", "akka-cluster", "akka-distributed-data");
    assertThat(seen(AkkaResources.ofCluster(), "reference.conf"))
        .contains("akka-actor", "akka-actor-typed", "akka-remote", "akka-cluster");
  }

  @Test
  void akkaComparesTheVersionsOfAllItsJars() throws IOException {
    assertThat(seen(AkkaResources.ofCluster(), "META-INF/MANIFEST.MF"))
        .contains("akka-actor", "akka-cluster", "akka-stream")
        .allMatch(jar -> jar.startsWith("akka-"));
  }

  @Test
  void otherResourcesAreThere() {
    assertThat(AkkaResources.ofLocalSystem().getResource("lockstep-akka.conf")).isNotNull();
  }
}
