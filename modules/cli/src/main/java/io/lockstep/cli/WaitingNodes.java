package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.ClusterTarget;
import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.JoinCheck;
import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.keys.KeyFile;
import io.lockstep.cluster.launch.BindAddress;
import io.lockstep.config.Configuration;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The nodes that a training is submitted to, as options. */
final class WaitingNodes {

  @Option(
      names = "--join",
      required = true,
      paramLabel = "HOST:PORT",
      converter = Words.OfHostPort.class,
      description =
          "Control plane of a node; the run takes --workers workers and --servers servers. May be repeated: one that answers is enough.")
  private List<HostPort> seeds = new ArrayList<>();

  @Option(names = "--key", paramLabel = "FILE", description = "Key of the cluster.")
  private Path keyFile;

  @Option(
      names = "--bind",
      paramLabel = "HOST",
      description = "Address of this machine that nodes reach (default: found by itself).")
  private String bind = BindAddress.AUTO;

  @Option(
      names = "--transport",
      paramLabel = "KIND",
      converter = Words.OfTransport.class,
      description = "Data plane over auto, tcp or unix sockets (default: auto).")
  private Transport transport = Transport.AUTO;

  @Option(names = "--encrypt", description = "Encrypt the data plane, too.")
  private boolean encrypt;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long to wait for enough nodes (default: 60).")
  private int patienceSeconds = 60;

  @Option(names = "--restarts", paramLabel = "N", description = Restarts.DESCRIPTION)
  private int restarts = 3;

  int restarts() {
    return restarts;
  }

  /** Has these nodes compute. */
  void train(Training training, Configuration configuration) {
    int servers = configuration.cluster().servers();
    train(training, configuration, configuration.cluster().workers(), servers);
  }

  /**
   * Has those of them compute that are left, or that come.
   *
   * @param lost how many parameter servers may be gone
   */
  void trainAgain(Training training, Configuration configuration, int lost) {
    int servers = Math.max(1, configuration.cluster().servers() - lost);
    train(training, configuration, 1, servers);
  }

  private void train(Training training, Configuration configuration, int workers, int servers) {
    Optional<ClusterKey> key = Optional.ofNullable(keyFile).map(KeyFile::read);
    String address =
        bind.equals(BindAddress.AUTO) ? BindAddress.find(seeds, System.getenv()) : bind;
    if (key.isEmpty() && !BindAddress.isLoopback(address)) {
      throw new BadInputException(
          "expected --key FILE, since %s can be reached from other machines".formatted(address));
    }
    if (!configuration.jars().isEmpty() && key.isEmpty()) {
      throw new BadInputException(
          "expected --key FILE with --jar: nodes take classes only from who has their key");
    }
    if (encrypt && key.isEmpty()) {
      throw new BadInputException("expected --key FILE with --encrypt, which needs certificates");
    }
    JoinCheck.requireSameKey(seeds, key);
    training.on(
        new ClusterTarget(
            seeds, key, address, workers, servers, transport, encrypt, false, patienceSeconds));
  }
}
