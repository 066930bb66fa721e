package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import io.lockstep.training.RunIdentity;
import io.netty.channel.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Throughput of the data plane between two processes on loopback, from a float array in one to a
 * float array in the other, checksums verified; beside a plain socket copy, from and to the same
 * direct buffer again and again, and beside a plain socket with what no plane of arrays can do
 * without: a copy and a CRC32C on either side. They take turns; the medians of all turns are shown,
 * and the ratio to the plain socket. Arguments choose rows: {@code unix}, {@code tcp 40}, {@code
 * tcp 40 256}.
 *
 * <p>The last column is the same ratio of a peer: send and receive of gloo, as PyTorch 1.13 has it,
 * between two processes over TCP, to a plain socket of that machine; benchmarks/README.md says how
 * it was measured. It has no checksum.
 */
public final class WireTable {

  static final int MOST_TENSOR_BYTES = 40_000_000;

  static final int MOST_BUCKET_BYTES = 4 << 20;

  private static final int[] TENSOR_BYTES = {1_000_000, 10_000_000, MOST_TENSOR_BYTES};
  private static final int[] BUCKET_BYTES = {256 << 10, 1 << 20, MOST_BUCKET_BYTES};

  /** GB/s of gloo for tensors of these sizes, and of a plain socket beside it. */
  private static final double[] GLOO = {0.79, 2.07, 0.95};

  private static final double PLAIN_BESIDE_GLOO = 2.3;
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;
  private static final int TURNS = 9;
  private static final int WARM_TURNS = 8;
  private static final int WARM_BUCKET_BYTES = 8 << 10;
  private static final int TURN_BYTES = 200_000_000;

  private final Path folder;
  private final BufferedReader fromPeer;
  private final PrintStream toPeer;

  private WireTable(Path folder, Process peer) {
    this.folder = folder;
    this.fromPeer =
        new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8));
    this.toPeer = new PrintStream(peer.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("lockstep-bench-");
    int plainPort = plain(null);
    plain(folder.resolve("plain"));
    try (Connections connections = new Connections(WireSettings.loopback(SharedKey.NONE))) {
      Channel tcp = connections.listen(link -> new Receiver(connections, link));
      Path wirePath = folder.resolve("wire");
      connections.listen(wirePath, link -> new Receiver(connections, link));
      int wirePort = ((InetSocketAddress) tcp.localAddress()).getPort();
      Process peer = peer(folder, plainPort, wirePort);
      try {
        new WireTable(folder, peer).print(String.join(" ", arguments));
      } finally {
        peer.destroy();
      }
    }
    System.exit(0);
  }

  private static Process peer(Path folder, int plainPort, int wirePort) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WirePeer.class.getName());
    command.addAll(List.of("" + plainPort, "" + wirePort));
    command.addAll(List.of(folder.resolve("plain").toString(), folder.resolve("wire").toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Prints the rows whose transport, megabytes and kilobytes begin with {@code rows}. */
  private void print(String rows) throws IOException {
    System.out.println(
        "transport  tensor  bucket  plain GB/s  copied, checked  data plane  of plain (quartiles)"
            + "  gloo, of plain");
    for (String transport : new String[] {"tcp", "unix"}) {
      warm(transport);
      for (int size = 0; size < TENSOR_BYTES.length; size++) {
        int bytes = TENSOR_BYTES[size];
        for (int bucketBytes : BUCKET_BYTES) {
          String name = transport + " " + bytes / 1_000_000 + " " + (bucketBytes >> 10);
          if ((bucketBytes <= bytes || bucketBytes == BUCKET_BYTES[0]) && name.startsWith(rows)) {
            row(transport, bytes, bucketBytes, GLOO[size] / PLAIN_BESIDE_GLOO);
          }
        }
      }
    }
    Files.deleteIfExists(folder.resolve("plain"));
    Files.deleteIfExists(folder.resolve("wire"));
    Files.deleteIfExists(folder);
  }

  /** Many small buckets, so that the JIT compiler has seen as many frames as a run soon sends. */
  private void warm(String transport) throws IOException {
    for (int turn = 0; turn < WARM_TURNS; turn++) {
      turn("wire", transport, TENSOR_BYTES[1], WARM_BUCKET_BYTES);
      turn("checked", transport, TENSOR_BYTES[1], WARM_BUCKET_BYTES);
      turn("plain", transport, TENSOR_BYTES[1], WARM_BUCKET_BYTES);
    }
  }

  private void row(String transport, int bytes, int bucketBytes, double gloo) throws IOException {
    double[] plain = new double[TURNS];
    double[] checked = new double[TURNS];
    double[] wire = new double[TURNS];
    double[] ratios = new double[TURNS];
    for (int turn = -1; turn < TURNS; turn++) { // The first is for the JIT compiler.
      double plainSpeed = turn("plain", transport, bytes, bucketBytes);
      double wireSpeed = turn("wire", transport, bytes, bucketBytes);
      double checkedSpeed = turn("checked", transport, bytes, bucketBytes);
      if (turn >= 0) {
        checked[turn] = checkedSpeed;
        plain[turn] = plainSpeed;
        wire[turn] = wireSpeed;
        ratios[turn] = wireSpeed / plainSpeed;
      }
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%-9s %4d MB %5d KB %11.2f %16.2f %11.2f %9.2f (%.2f to %.2f) %15s%n",
        transport,
        bytes / 1_000_000,
        bucketBytes >> 10,
        median(plain),
        median(checked),
        median(wire),
        ratios[TURNS / 2],
        ratios[TURNS / 4],
        ratios[TURNS - 1 - TURNS / 4],
        transport.equals("tcp") ? String.format(Locale.ROOT, "%.2f", gloo) : "");
  }

  /** GB/s of as many tensors, one after the other, as take a fraction of a second. */
  private double turn(String kind, String transport, int bytes, int bucketBytes)
      throws IOException {
    int rounds = Math.max(3, TURN_BYTES / bytes);
    toPeer.println(String.join(" ", kind, transport, "" + bytes, "" + bucketBytes, "" + rounds));
    String nanos = fromPeer.readLine();
    if (nanos == null) {
      throw new IOException("the sending process has ended");
    }
    return (double) bytes * rounds / Long.parseLong(nanos);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Receives plain tensors on a thread of its own; returns the port. */
  private static int plain(Path path) throws IOException {
    ServerSocketChannel server =
        path == null
            ? ServerSocketChannel.open()
            : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    if (path == null) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
      server.bind(new InetSocketAddress("127.0.0.1", 0));
    } else {
      server.bind(UnixDomainSocketAddress.of(path));
    }
    Thread.ofPlatform().daemon().start(() -> receive(server));
    return server.getLocalAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
  }

  private static void receive(ServerSocketChannel server) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_TENSOR_BYTES);
    float[] tensor = new float[MOST_TENSOR_BYTES / Float.BYTES];
    try (SocketChannel channel = server.accept()) {
      while (read(channel, buffer.clear().limit(PlainHeader.BYTES))) {
        PlainHeader header = PlainHeader.read(buffer.flip());
        if (header.bucketBytes() == 0) {
          read(channel, buffer.clear().limit(header.bytes()));
        } else {
          readChecked(channel, header, buffer, tensor);
        }
        if (header.left() == 0) {
          channel.write(buffer.clear().limit(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readChecked(
      SocketChannel channel, PlainHeader header, ByteBuffer buffer, float[] tensor)
      throws IOException {
    CRC32C crc = new CRC32C();
    FloatBlock block = new FloatBlock().set(tensor, 0, 0, GradientFormat.FLOAT32);
    for (int at = 0; at < header.bytes(); at += header.bucketBytes()) {
      int length = Math.min(header.bucketBytes(), header.bytes() - at);
      read(channel, buffer.clear().limit(length + Integer.BYTES));
      crc.reset();
      crc.update(buffer.flip().limit(length));
      if (buffer.limit(length + Integer.BYTES).getInt() != (int) crc.getValue()) {
        throw new IOException("checksum of " + header);
      }
      MemorySegment bytes = MemorySegment.ofBuffer(buffer.rewind());
      block.copyFrom(bytes, 0, at / Float.BYTES, length / Float.BYTES);
    }
  }

  private static boolean read(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Takes a tensor, verified, to its place, and answers when it is complete. */
  private static final class Receiver implements FrameHandler {

    private final float[] tensor = new float[MOST_TENSOR_BYTES / Float.BYTES];
    private final Frames frames;
    private final Link link;

    Receiver(Connections connections, Link link) {
      this.frames = new Frames(connections.allocator());
      this.link = link;
    }

    @Override
    public void opened() {
      link.admit("sender", this, 5 << 20);
    }

    @Override
    public void admit(FrameHeader header, FloatBlock expected) {
      expected.length = (header.payloadBytes - FloatBlock.PREFIX_BYTES) / Float.BYTES;
    }

    @Override
    public void open(FrameHeader header, FloatBlock target) {
      target.values = tensor;
      target.at = header.index;
    }

    @Override
    public void floats(FrameHeader header) {
      if (header.bucket == 1) {
        link.write(frames.step(new RunIdentity(1, 2), 0, 0));
        link.flush();
      }
    }

    @Override
    public void message(FrameHeader header, Object payload) {}

    @Override
    public void closed(String why) {}
  }
}
