package io.lockstep.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hosts on this machine talk with each other; skipped, with the reason, where that cannot be.
 */
class NetworkNamespacesTest {

  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final int BYTES = 1 << 20;

  @TempDir private Path folder;

  @Test
  void hostsReachEachOtherByTheirAddresses() throws Exception {
    NetworkNamespaces.assumeAvailable(Link.FAST);
    try (NetworkNamespaces hosts = NetworkNamespaces.of(3, Link.FAST)) {
      Transfer transfer = Transfer.between(hosts, 0, 2, BYTES, folder);

      assertThat(transfer.from()).isEqualTo(hosts.address(2));
      assertThat(transfer.bytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void rateIsLimited() throws Exception {
    Link slow = new Link(Duration.ZERO, 20_000);
    NetworkNamespaces.assumeAvailable(slow);
    try (NetworkNamespaces hosts = NetworkNamespaces.of(2, slow)) {
      // 8.4 Mbit at 20 Mbit/s; the first 66 kB pass at once.
      assertThat(Transfer.between(hosts, 0, 1, BYTES, folder).nanos())
          .isGreaterThan(Duration.ofMillis(300).toNanos());
    }
  }

  @Test
  void delayIsPartOfTheRoundTrip() throws Exception {
    Link far = new Link(Duration.ofMillis(40), 0);
    NetworkNamespaces.assumeAvailable(far);
    try (NetworkNamespaces hosts = NetworkNamespaces.of(2, far)) {
      // Both ends delay: the acknowledgement of the last byte is one round trip away.
      assertThat(Transfer.between(hosts, 0, 1, 1, folder).nanos())
          .isGreaterThan(Duration.ofMillis(80).toNanos());
    }
  }

  @Test
  void closingKillsWhatRunsAndRemovesTheHosts() throws Exception {
    NetworkNamespaces.assumeAvailable(Link.FAST);
    NetworkNamespaces hosts = NetworkNamespaces.of(2, Link.FAST);
    Process running =
        hosts.exec(1, List.of("tail", "-f", "/dev/null"), folder.resolve("running").toFile());
    assertThat(NAMESPACES.resolve(hosts.name(1))).exists();

    hosts.close();

    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    try (Stream<Path> left = Files.list(NAMESPACES)) {
      assertThat(left)
          .noneMatch(name -> name.endsWith(hosts.name(0)) || name.endsWith(hosts.name(1)));
    }
  }

  @Test
  void theDeathOfTheTestRemovesTheHosts() throws Exception {
    NetworkNamespaces.assumeAvailable(Link.FAST);
    Path names = folder.resolve("names");
    Process test =
        Transfer.java(List.of(Forgetful.class.getName())).redirectOutput(names.toFile()).start();
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> Files.readString(names).endsWith("\n"));
    Path host = NAMESPACES.resolve(Files.readString(names).strip());
    assertThat(host).exists();

    test.destroyForcibly();

    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> !Files.exists(host));
  }

  @Test
  void aHostThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> NetworkNamespaces.of(0, Link.FAST))
        .hasMessage("hosts: expected 1 to 200 but found 0");
    assertThatThrownBy(() -> new Link(Duration.ofMillis(-1), 0)).hasMessageContaining("PT-0.001S");
  }

  /** Makes a host and never closes it. */
  static final class Forgetful {

    private Forgetful() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(NetworkNamespaces.of(1, Link.FAST).name(0));
      Thread.currentThread().join();
    }
  }
}
