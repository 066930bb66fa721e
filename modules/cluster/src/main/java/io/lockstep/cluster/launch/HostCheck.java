package io.lockstep.cluster.launch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Asks hosts over ssh whether they can take part in a run, all at once, so that everything that is
 * wrong can be told in one go.
 *
 * @param ssh how to get there
 * @param expected what each must have
 * @param arguments what {@code node-check} is told, apart from the address
 * @param port that must be free on the first host; 0 for any
 * @param patience how long to wait for an answer
 */
public record HostCheck(
    SshCommand ssh, Expected expected, List<String> arguments, int port, Duration patience) {

  static final String NO_FOLDER = "lockstep-check:no-folder";
  static final String NO_COMMAND = "lockstep-check:no-command";

  private static final int SSH_FAILED = 255;
  private static final int TIME_IS_UP = -1;
  private static final long CLOCK_MS = 2_000;

  /**
   * What each host must have: that of this machine.
   *
   * @param version of lockstep
   * @param commit of lockstep
   * @param dataName the data set
   * @param dataSha256 its checksum
   */
  public record Expected(String version, String commit, String dataName, String dataSha256) {}

  /** What one attempt to ask gave; or that time was up. */
  private record Answer(int exitCode, String out, String err, long beganMs, long endedMs) {}

  /**
   * What is not as it should be, in the order of the hosts; nothing for this machine itself.
   *
   * @param hosts the first of them is to run the first node
   */
  public List<HostFinding> of(List<Host> hosts) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<List<HostFinding>>> asked =
          hosts.stream()
              .filter(host -> !host.isLocal())
              .map(host -> CompletableFuture.supplyAsync(() -> check(host, hosts), threads))
              .toList();
      return asked.stream().flatMap(answer -> answer.join().stream()).toList();
    }
  }

  private List<HostFinding> check(Host host, List<Host> hosts) {
    List<String> words = new ArrayList<>(List.of("node-check"));
    words.addAll(arguments);
    if (host.equals(hosts.getFirst()) && port > 0) {
      words.addAll(List.of("--port", Integer.toString(port)));
    }
    host.address().ifPresent(address -> words.addAll(List.of("--bind", address)));
    Answer answer = ask(ssh.carefully(host, words));
    Optional<NodeReport> report =
        answer.out().lines().map(NodeReport::parse).flatMap(Optional::stream).findFirst();
    Findings findings = new Findings(host);
    report.ifPresentOrElse(
        said -> judge(said, answer, findings), () -> explain(answer, host, findings));
    return findings.all;
  }

  private void judge(NodeReport said, Answer answer, Findings findings) {
    if (!said.version().equals(expected.version()) || !said.commit().equals(expected.commit())) {
      findings.fatal(
          "version",
          "%s (commit %s), but here %s (commit %s)"
              .formatted(said.version(), said.commit(), expected.version(), expected.commit()),
          "install the same lockstep there");
    }
    if (said.dataProblem() != null) {
      findings.fatal(
          "data",
          said.dataProblem(),
          "put it there, and name its folder: data=DIR, or lockstep data " + expected.dataName());
    } else if (!Objects.equals(said.dataSha256(), expected.dataSha256())) {
      findings.fatal(
          "data",
          "%s with sha256 %s, but here %s"
              .formatted(
                  expected.dataName(), begin(said.dataSha256()), begin(expected.dataSha256())),
          "copy the data from here, and name their folder: data=DIR");
    }
    if (said.portProblem() != null) {
      findings.fatal("ports", said.portProblem(), "choose others: --port, or address=IP");
    }
    clock(said, answer, findings);
  }

  /** A clock that was read between two moments cannot be blamed for the time between them. */
  private static void clock(NodeReport said, Answer answer, Findings findings) {
    long ahead = Math.max(0, said.clockMs() - answer.endedMs());
    long behind = Math.max(0, answer.beganMs() - said.clockMs());
    long off = Math.max(ahead, behind);
    if (off > CLOCK_MS) {
      findings.warn(
          "clock",
          "%,d s %s this machine's".formatted(off / 1000, ahead > 0 ? "ahead of" : "behind"),
          "set it, for instance with NTP: times in logs do not compare");
    }
  }

  private static String begin(String sha256) {
    return sha256 == null ? "unknown" : sha256.substring(0, Math.min(12, sha256.length())) + "…";
  }

  private void explain(Answer answer, Host host, Findings findings) {
    String dir = host.dir().orElse(ssh.home());
    String reason = lastLine(answer.err());
    if (answer.exitCode() == TIME_IS_UP) {
      findings.fatal(
          "answer",
          "none within %d s".formatted(patience.toSeconds()),
          "try: ssh %s; a checkout builds on its first start".formatted(host.sshWords()));
    } else if (answer.exitCode() == SSH_FAILED) {
      findings.fatal("ssh", reason.replaceFirst("^ssh: ", ""), remedyOfSsh(reason, host));
    } else if (answer.out().contains(NO_FOLDER)) {
      findings.fatal("lockstep", "no folder " + dir, "install it there, or name its folder: dir=");
    } else if (answer.out().contains(NO_COMMAND)) {
      findings.fatal(
          "lockstep", "no bin/lockstep in " + dir, "install it there, or name its folder: dir=");
    } else if (reason.matches(".*JDK [0-9]+ or newer.*")) {
      findings.fatal(
          "java",
          reason.replaceFirst("^lockstep: ", "").replaceFirst(";.*", ""),
          "install a JDK 25 there, or set LOCKSTEP_JAVA_HOME for shells that ssh starts");
    } else {
      findings.fatal(
          "lockstep",
          "exit code %d: %s".formatted(answer.exitCode(), reason),
          "try it there: cd %s && bin/lockstep doctor".formatted(dir));
    }
  }

  private static String remedyOfSsh(String reason, Host host) {
    if (reason.contains("Permission denied")) {
      return "allow logging in without a password: ssh-copy-id " + host.sshWords();
    }
    if (reason.contains("Host key verification failed")) {
      return "log in by hand once, to accept its key: ssh " + host.sshWords();
    }
    return "check name and port, and that sshd runs there";
  }

  private static String lastLine(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .reduce((a, b) -> b)
        .orElse("no reason given");
  }

  /** Into files, not pipes: a connection that ssh leaves in the background holds a pipe open. */
  private Answer ask(List<String> words) {
    long began = System.currentTimeMillis();
    try (Capture out = Capture.create();
        Capture err = Capture.create()) {
      Process process =
          new ProcessBuilder(words)
              .redirectInput(Capture.NOTHING)
              .redirectOutput(out.file().toFile())
              .redirectError(err.file().toFile())
              .start();
      boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      int exitCode = ended ? process.exitValue() : TIME_IS_UP;
      process.destroyForcibly();
      return new Answer(exitCode, out.text(), err.text(), began, System.currentTimeMillis());
    } catch (IOException noSsh) {
      String why = "%s cannot be started: %s".formatted(words.getFirst(), noSsh.getMessage());
      return new Answer(SSH_FAILED, "", why, began, began);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted while hosts are checked", interrupted);
    }
  }

  /** A file for the output of a process, deleted when it has been read. */
  private record Capture(Path file) implements AutoCloseable {

    static final File NOTHING = new File("/dev/null");

    static Capture create() throws IOException {
      return new Capture(Files.createTempFile("lockstep-check-", ".txt"));
    }

    String text() throws IOException {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }

  /** Collects what is found about one host. */
  private static final class Findings {
    private final Host host;
    private final List<HostFinding> all = new ArrayList<>();

    Findings(Host host) {
      this.host = host;
    }

    void fatal(String topic, String found, String remedy) {
      all.add(new HostFinding(host, topic, found, remedy, true));
    }

    void warn(String topic, String found, String remedy) {
      all.add(new HostFinding(host, topic, found, remedy, false));
    }
  }
}
