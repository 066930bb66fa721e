package io.lockstep.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An sshd of the test's own on a free port of this machine, with keys of its own; it touches
 * nothing of the user's. Whoever starts it closes it.
 */
final class LocalSshd implements AutoCloseable {

  private static final Path SSHD = Path.of("/usr/sbin/sshd");
  private static final long LIMIT_SECONDS = 20;

  private final Path folder;
  private final int port;
  private final Process sshd;

  private LocalSshd(Path folder, int port, Process sshd) {
    this.folder = folder;
    this.port = port;
    this.sshd = sshd;
  }

  /**
   * Starts it, or skips the test with the reason.
   *
   * @param environment settings {@code NAME=VALUE} for whatever runs there
   */
  static LocalSshd start(Path folder, List<String> environment) throws Exception {
    assumeTrue(Files.isExecutable(SSHD), "no sshd here: apt-get install openssh-server");
    key(folder.resolve("host"));
    key(folder.resolve("user"));
    Path authorized = folder.resolve("authorized_keys");
    Files.copy(folder.resolve("user.pub"), authorized);
    Files.setPosixFilePermissions(authorized, PosixFilePermissions.fromString("rw-------"));
    int port = freePort();
    Files.writeString(
        folder.resolve("known_hosts"),
        "[127.0.0.1]:%d %s".formatted(port, Files.readString(folder.resolve("host.pub"))));
    Path config =
        Files.writeString(folder.resolve("sshd_config"), config(folder, port, environment));
    Path log = folder.resolve("sshd.log");
    Files.createDirectories(Path.of("/run/sshd")); // Where it gives up its rights as root.
    Process sshd =
        new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    LocalSshd started = new LocalSshd(folder, port, sshd);
    await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(started::listensOrEnded);
    assumeTrue(sshd.isAlive(), "sshd does not start here: " + Files.readString(log));
    return started;
  }

  private static String config(Path folder, int port, List<String> environment) {
    String variables = environment.isEmpty() ? "" : "SetEnv " + String.join(" ", environment);
    return String.join(
        "\n",
        "Port " + port,
        "ListenAddress 127.0.0.1",
        "HostKey " + folder.resolve("host"),
        "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
        "PidFile none",
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "PermitRootLogin yes",
        "LogLevel VERBOSE",
        variables,
        "");
  }

  private static void key(Path file) throws Exception {
    Process made =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
            .redirectErrorStream(true)
            .start();
    assumeTrue(
        made.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && made.exitValue() == 0, "ssh-keygen");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean listensOrEnded() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return !sshd.isAlive();
    }
  }

  int port() {
    return port;
  }

  /** What ssh needs to know to get in, as options of lockstep. */
  String[] options() {
    return new String[] {
      "--ssh-option=-F", "--ssh-option=/dev/null",
      "--ssh-option=-i", "--ssh-option=" + folder.resolve("user"),
      "--ssh-option=-o", "--ssh-option=UserKnownHostsFile=" + folder.resolve("known_hosts")
    };
  }

  @Override
  public void close() {
    sshd.descendants().forEach(ProcessHandle::destroyForcibly);
    sshd.destroyForcibly();
  }
}
