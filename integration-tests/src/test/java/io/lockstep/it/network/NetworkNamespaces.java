package io.lockstep.it.network;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A few hosts on this machine: network namespaces with an address each, joined by a bridge. The
 * machine's own network is not touched, and reaches none of them.
 *
 * <p>A script makes them and waits for the end of its input, which is this process: so everything
 * that runs in them is killed, and they are removed, by {@link #close} and also if this JVM dies.
 * Linux and root only: {@link #assumeAvailable} first. Used by one thread; the test closes it.
 */
public final class NetworkNamespaces implements AutoCloseable {

  /** How the reason of a skipped test begins, and how {@code .ci/run} knows it. */
  static final String REASON = "network namespaces: ";

  private static final String SCRIPT = "network-namespaces";
  private static final long LIMIT_SECONDS = 60;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final int hosts;
  private final String prefix =
      "ls-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
  private final Path folder;
  private final Process script;

  private NetworkNamespaces(int hosts, Link link) throws IOException {
    this.hosts = hosts;
    this.folder = Files.createTempDirectory("lockstep-" + SCRIPT);
    Path file = folder.resolve(SCRIPT);
    try (InputStream in = NetworkNamespaces.class.getResourceAsStream("/" + SCRIPT)) {
      Files.copy(in, file);
    }
    this.script =
        new ProcessBuilder(
                "bash",
                file.toString(),
                prefix,
                Integer.toString(hosts),
                Long.toString(link.delay().toMillis()),
                Integer.toString(link.kbitPerSecond()))
            .redirectErrorStream(true)
            .redirectOutput(output().toFile())
            .start();
  }

  /**
   * Hosts 0 to {@code hosts - 1}, ready to be used.
   *
   * @param hosts from 1 to 200
   * @throws IllegalStateException if this machine does not allow it, with the reason
   */
  public static NetworkNamespaces of(int hosts, Link link) {
    if (hosts < 1 || hosts > 200) {
      throw new IllegalArgumentException("hosts: expected 1 to 200 but found " + hosts);
    }
    try {
      NetworkNamespaces namespaces = new NetworkNamespaces(hosts, link);
      namespaces.awaitReady();
      return namespaces;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test, with the reason, where hosts with such a link cannot be made. */
  public static void assumeAvailable(Link link) {
    unavailable(link).ifPresent(Assumptions::abort);
  }

  /** Why hosts with such a link cannot be made on this machine; empty if they can. */
  static Optional<String> unavailable(Link link) {
    try (NetworkNamespaces one = of(1, link)) {
      Objects.requireNonNull(one);
      return Optional.empty();
    } catch (IllegalStateException refused) {
      return Optional.of(refused.getMessage());
    } catch (UncheckedIOException noBash) {
      return Optional.of(REASON + noBash.getMessage());
    }
  }

  private void awaitReady() {
    Awaitility.await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .until(() -> !script.isAlive() || said().contains("ready"));
    if (!said().contains("ready")) {
      String reason = said();
      close();
      throw new IllegalStateException(reason.startsWith(REASON) ? reason : REASON + reason);
    }
  }

  /** The address at which the other hosts reach this one. */
  public String address(int host) {
    return "10.77.0." + (Objects.checkIndex(host, hosts) + 1);
  }

  /** The command that runs {@code command} on a host, for those who start it themselves. */
  public List<String> command(int host, List<String> command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name(host)));
    inside.addAll(command);
    return inside;
  }

  /**
   * Starts a command on a host. Its process is the command's own, so it can be signalled.
   *
   * @param output takes standard output and errors
   */
  public Process exec(int host, List<String> command, File output) throws IOException {
    return new ProcessBuilder(command(host, command))
        .redirectErrorStream(true)
        .redirectOutput(output)
        .start();
  }

  /** Pulls the host's plug out of the network: nothing reaches it, and it reaches nobody. */
  public void cut(int host) {
    port(host, "down");
  }

  /** Puts the plug in again. */
  public void heal(int host) {
    port(host, "up");
  }

  private void port(int host, String state) {
    String port = "port" + Objects.checkIndex(host, hosts);
    List<String> command =
        List.of("ip", "-n", prefix + "-bridge", "link", "set", "dev", port, state);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(REASON + String.join(" ", command) + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(REASON + "interrupted at " + command, e);
    }
  }

  /** Kills all that runs on the hosts, and removes them. */
  @Override
  public void close() {
    try {
      script.getOutputStream().close();
      if (!script.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        script.destroyForcibly();
        throw new IllegalStateException(
            REASON + "not removed in " + LIMIT_SECONDS + " s: " + prefix);
      }
      Files.deleteIfExists(output());
      Files.deleteIfExists(folder.resolve(SCRIPT));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(REASON + "interrupted while they were removed", e);
    }
  }

  /** The name of the host's namespace. */
  String name(int host) {
    return prefix + "-" + Objects.checkIndex(host, hosts);
  }

  private Path output() {
    return folder.resolve("output");
  }

  private String said() {
    try {
      return Files.readString(output()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
