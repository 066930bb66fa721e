package io.lockstep.wire;

import io.lockstep.training.Endpoint;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.RunIdentity;
import io.netty.buffer.ByteBuf;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The sending process of {@link WireTable}: sends tensors as its standard input says, and prints
 * the nanoseconds from the first byte to the receiver's answer.
 */
final class WirePeer {

  private static final RunIdentity RUN = new RunIdentity(1, 2);
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;
  private static final long LIMIT_SECONDS = 60;

  private final String[] addresses;

  private WirePeer(String[] addresses) {
    this.addresses = addresses;
  }

  /**
   * @param addresses ports of the plain socket and of the data plane, then the paths of the two
   *     Unix sockets
   */
  public static void main(String[] addresses) throws Exception {
    new WirePeer(addresses).serve();
  }

  /** Reads "plain|checked|wire tcp|unix TENSOR_BYTES BUCKET_BYTES ROUNDS" from each line. */
  private void serve() throws Exception {
    Plain[] plain = {new Plain(plain(false)), new Plain(plain(true))};
    Checked[] checked = {new Checked(plain[0].channel), new Checked(plain[1].channel)};
    Wire[] wire = {new Wire(WireSettings.Transport.TCP), new Wire(WireSettings.Transport.UNIX)};
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      int transport = words[1].equals("unix") ? 1 : 0;
      int bytes = Integer.parseInt(words[2]);
      Sender sender =
          switch (words[0]) {
            case "plain" -> plain[transport];
            case "checked" -> checked[transport];
            default -> wire[transport];
          };
      System.out.println(
          nanos(sender, bytes, Integer.parseInt(words[3]), Integer.parseInt(words[4])));
    }
    for (Wire each : wire) {
      each.close();
    }
  }

  /** Sends tensors one after the other; the last is answered. */
  private static long nanos(Sender sender, int bytes, int bucketBytes, int rounds)
      throws Exception {
    long start = System.nanoTime();
    for (int round = rounds - 1; round >= 0; round--) {
      sender.send(bytes, bucketBytes, round);
    }
    sender.awaitAnswer();
    return System.nanoTime() - start;
  }

  private SocketChannel plain(boolean unix) throws IOException {
    SocketChannel channel =
        unix
            ? SocketChannel.open(UnixDomainSocketAddress.of(addresses[2]))
            : SocketChannel.open(new InetSocketAddress("127.0.0.1", port(0)));
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
    return channel;
  }

  private int port(int index) {
    return Integer.parseInt(addresses[index]);
  }

  private interface Sender {
    /** Sends a tensor; if none is left after it the receiver answers. */
    void send(int bytes, int bucketBytes, int left) throws Exception;

    void awaitAnswer() throws Exception;
  }

  /** A blocking channel and a direct buffer: nothing is copied but by the kernel. */
  private record Plain(SocketChannel channel, ByteBuffer buffer) implements Sender {

    Plain(SocketChannel channel) {
      this(channel, ByteBuffer.allocateDirect(PlainHeader.BYTES + WireTable.MOST_TENSOR_BYTES));
    }

    @Override
    public void send(int bytes, int bucketBytes, int left) throws IOException {
      new PlainHeader(bytes, 0, left).write(buffer.clear());
      write(channel, buffer.clear().limit(PlainHeader.BYTES + bytes));
    }

    @Override
    public void awaitAnswer() throws IOException {
      awaitByte(channel, buffer);
    }
  }

  /** Beside that, what any plane does that sends arrays with checksums: a copy and a CRC32C. */
  private record Checked(SocketChannel channel, ByteBuffer buffer, float[] tensor)
      implements Sender {

    Checked(SocketChannel channel) {
      this(
          channel,
          ByteBuffer.allocateDirect(PlainHeader.BYTES + WireTable.MOST_BUCKET_BYTES),
          new float[WireTable.MOST_TENSOR_BYTES / Float.BYTES]);
    }

    @Override
    public void send(int bytes, int bucketBytes, int left) throws IOException {
      new PlainHeader(bytes, bucketBytes, left).write(buffer.clear());
      write(channel, buffer.flip());
      CRC32C crc = new CRC32C();
      for (int at = 0; at < bytes; at += bucketBytes) {
        int length = Math.min(bucketBytes, bytes - at);
        FloatBlock block = new FloatBlock();
        block.set(tensor, at / Float.BYTES, length / Float.BYTES, GradientFormat.FLOAT32);
        block.copyTo(MemorySegment.ofBuffer(buffer.clear()));
        crc.reset();
        crc.update(buffer.limit(length));
        buffer.limit(length + Integer.BYTES).putInt((int) crc.getValue());
        write(channel, buffer.rewind());
      }
    }

    @Override
    public void awaitAnswer() throws IOException {
      awaitByte(channel, buffer);
    }
  }

  private static void write(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void awaitByte(SocketChannel channel, ByteBuffer buffer) throws IOException {
    if (channel.read(buffer.clear().limit(1)) != 1) {
      throw new EOFException();
    }
  }

  /** The data plane: this thread encodes, the event loop writes. */
  private final class Wire implements Sender, FrameHandler {

    private final float[] tensor = new float[WireTable.MOST_TENSOR_BYTES / Float.BYTES];
    private final Connections connections;
    private final Frames frames;
    private final SynchronousQueue<FrameType> answers = new SynchronousQueue<>();
    private final CompletableFuture<SendQueue> queue = new CompletableFuture<>();

    Wire(WireSettings.Transport transport) throws Exception {
      this.connections = new Connections(WireSettings.loopback(SharedKey.NONE).by(transport));
      this.frames = new Frames(connections.allocator());
      Endpoint server = new Endpoint("127.0.0.1", port(1), addresses[3], Machine.identity());
      connections
          .connect(
              server,
              link -> {
                SendQueue made = new SendQueue(link, Optional.empty(), 64L << 20, 10_000);
                link.outbox(made);
                queue.complete(made);
                return this;
              })
          .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void send(int bytes, int bucketBytes, int left) throws Exception {
      int bucketFloats = bucketBytes / Float.BYTES;
      int floats = bytes / Float.BYTES;
      int buckets = Math.ceilDiv(floats, bucketFloats);
      SendQueue out = queue.get();
      for (int bucket = 0; bucket < buckets; bucket++) {
        int at = bucket * bucketFloats;
        int length = Math.min(bucketFloats, floats - at);
        out.offer(new Bucket(frames, tensor, left, at, length, bucket == buckets - 1));
      }
    }

    @Override
    public void awaitAnswer() throws Exception {
      if (answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS) == null) {
        throw new EOFException("no answer");
      }
    }

    void close() {
      connections.close();
    }

    @Override
    public void admit(FrameHeader header, FloatBlock expected) {}

    @Override
    public void open(FrameHeader header, FloatBlock target) {}

    @Override
    public void floats(FrameHeader header) {}

    @Override
    public void message(FrameHeader header, Object payload) {
      try {
        answers.offer(header.type, LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void closed(String why) {}
  }

  /** A stretch of the tensor; the header says whether it is the last. */
  private record Bucket(Frames frames, float[] tensor, int left, int at, int length, boolean last)
      implements Outgoing {

    @Override
    public int bytes() {
      return length * Float.BYTES;
    }

    @Override
    public ByteBuf encode() {
      int answer = last && left == 0 ? 1 : 0;
      return frames.gradient(RUN, 0, answer, 0, at, 0, tensor, at, length, GradientFormat.FLOAT32);
    }

    @Override
    public void drop() {}
  }
}
