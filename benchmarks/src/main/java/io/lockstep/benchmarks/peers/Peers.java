package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkNetwork;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The peers that this machine has.
 *
 * @param oneDnn oneDNN's library
 * @param python a Python that has PyTorch
 * @param torchVersion what PyTorch calls itself
 */
record Peers(Optional<Path> oneDnn, Optional<String> python, String torchVersion) {

  /** What to do where oneDNN is missing. */
  static final String NO_ONEDNN =
      "oneDNN was not measured: set LOCKSTEP_ONEDNN to the path of its libdnnl.so (Debian's package"
          + " libdnnl2, or the file in the jar org.bytedeco:dnnl:3.13-1.5.14:linux-x86_64).";

  /** What to do where PyTorch is missing. */
  static final String NO_TORCH =
      "PyTorch was not measured: install it (Debian's package python3-torch), or set LOCKSTEP_PYTHON"
          + " to a Python that has it.";

  private static final String LIBRARY = "LOCKSTEP_ONEDNN";
  private static final String PYTHON = "LOCKSTEP_PYTHON";

  /** One thread, and the vector kernels of OpenBLAS, which knows too few CPUs by itself. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OPENBLAS_CORETYPE", "SKYLAKEX",
          "OPENBLAS_NUM_THREADS", "1",
          "OMP_NUM_THREADS", "1");

  /**
   * Looks for them.
   *
   * @throws IllegalArgumentException if a place was named and is not one
   */
  static Peers find() throws IOException, InterruptedException {
    Optional<Path> oneDnn = Optional.ofNullable(System.getenv(LIBRARY)).map(Path::of);
    if (oneDnn.isPresent() && !Files.isRegularFile(oneDnn.get())) {
      throw new IllegalArgumentException(
          "%s: expected the path of libdnnl.so but found no file %s"
              .formatted(LIBRARY, oneDnn.get()));
    }
    for (String python : pythons()) {
      Optional<String> version = torchVersion(python);
      if (version.isPresent()) {
        return new Peers(oneDnn, Optional.of(python), version.get());
      }
    }
    return new Peers(oneDnn, Optional.empty(), "");
  }

  private static List<String> pythons() {
    return Stream.of(System.getenv(PYTHON), "python3", "/usr/bin/python3")
        .filter(python -> python != null)
        .toList();
  }

  private static Optional<String> torchVersion(String python)
      throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch; print(torch.__version__)")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String version =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? Optional.of(version) : Optional.empty();
    } catch (IOException noSuchProgram) {
      return Optional.empty();
    }
  }

  /** PyTorch's name and version, as the tables show it. */
  String torch() {
    return "PyTorch " + torchVersion;
  }

  /** Whether PyTorch is here. */
  boolean hasTorch() {
    return python.isPresent();
  }

  /** oneDNN on one thread; {@link #oneDnn} is there. */
  Contestant oneDnn(Cores core) throws IOException, InterruptedException {
    Path library = oneDnn.orElseThrow().toAbsolutePath();
    String folder = library.getParent().toString(); // where its libgomp may be
    return Contestant.start(
        "oneDNN",
        OwnJvm.command(core, OneDnnContestant.class, library.toString()),
        Map.of("LD_LIBRARY_PATH", folder, "OMP_NUM_THREADS", "1"));
  }

  /** PyTorch that trains a network on one core; PyTorch is there. */
  Contestant torchStep(Cores core, BenchmarkNetwork net) throws IOException, InterruptedException {
    return Contestant.start(
        "PyTorch", torchCommand(core, "step", sizes(net), "" + net.batch()), ENVIRONMENT);
  }

  /** Two processes of PyTorch that train a network together, each on a core of its own. */
  TorchPair torchDdp(Cores two, BenchmarkNetwork net) throws IOException, InterruptedException {
    return TorchPair.start(
        (rank, port) ->
            torchCommand(two.only(rank), "ddp", "" + rank, port, sizes(net), "" + net.batch()));
  }

  /** Two processes of PyTorch that only exchange. */
  TorchPair torchAllReduce(Cores two) throws IOException, InterruptedException {
    return TorchPair.start((rank, port) -> torchCommand(two, "allreduce", "" + rank, port));
  }

  /**
   * A process of PyTorch that trains on MNIST.
   *
   * @param arguments of {@code torch_peer.py}
   */
  ProcessBuilder torchProcess(Cores core, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(torchCommand(core, arguments));
    builder.environment().putAll(ENVIRONMENT);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private List<String> torchCommand(Cores cores, String... arguments) {
    List<String> command = new ArrayList<>(cores.pin());
    Path script =
        Path.of(System.getProperty("lockstep.home"), "benchmarks", "peers", "torch_peer.py");
    command.addAll(List.of(python.orElseThrow(), script.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String sizes(BenchmarkNetwork net) {
    return net.sizes().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Two processes that are always asked the same, at the same time. */
  record TorchPair(Contestant first, Contestant second) implements AutoCloseable {

    /** The command of one of them. */
    private interface Command {
      List<String> of(int rank, String port);
    }

    private static TorchPair start(Command command) throws IOException, InterruptedException {
      String port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = "" + free.getLocalPort();
      }
      Contestant first = Contestant.start("PyTorch 0", command.of(0, port), ENVIRONMENT);
      return new TorchPair(first, Contestant.start("PyTorch 1", command.of(1, port), ENVIRONMENT));
    }

    /** The answer of the first; the second has answered, too. */
    double ask(String request) throws InterruptedException {
      first.tell(request);
      second.tell(request);
      double answer = first.answer(request);
      second.answer(request);
      return answer;
    }

    @Override
    public void close() throws IOException {
      first.close();
      second.close();
    }
  }
}
