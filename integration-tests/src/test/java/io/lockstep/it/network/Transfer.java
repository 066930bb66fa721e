package io.lockstep.it.network;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Bytes that one host sent to another over TCP.
 *
 * @param from the sender's address, as the receiver saw it
 * @param bytes received
 * @param nanos from the sender's first byte to the receiver's answer
 */
record Transfer(String from, long bytes, long nanos) {

  private static final int LIMIT_SECONDS = 60;
  private static final int PORT = 7356;

  /** Sends {@code bytes} bytes to host {@code to}, from host {@code from}. */
  static Transfer between(NetworkNamespaces hosts, int to, int from, int bytes, Path folder)
      throws Exception {
    Path received = folder.resolve("received");
    Path sent = folder.resolve("sent");
    Process receiver =
        hosts.exec(
            to,
            java(List.of(Receiver.class.getName(), hosts.address(to))).command(),
            received.toFile());
    Awaitility.await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .until(() -> !receiver.isAlive() || Files.readString(received).contains("listening\n"));
    Process sender =
        hosts.exec(
            from,
            java(List.of(Sender.class.getName(), hosts.address(to), Integer.toString(bytes)))
                .command(),
            sent.toFile());
    end(sender, sent);
    end(receiver, received);
    String[] words = Files.readString(received).lines().toList().getLast().split(" ");
    return new Transfer(
        words[0], Long.parseLong(words[1]), Long.parseLong(Files.readString(sent).strip()));
  }

  private static void end(Process process, Path output) throws Exception {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(
          "expected an end in good order but found: " + Files.readString(output));
    }
  }

  /** A JVM with this test's class path. */
  static ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Takes what one sender sends and answers with one byte. */
  static final class Receiver {

    private Receiver() {}

    public static void main(String[] arguments) throws IOException {
      try (ServerSocket server = new ServerSocket(PORT, 1, InetAddress.getByName(arguments[0]))) {
        System.out.println("listening");
        try (Socket socket = server.accept()) {
          InputStream in = socket.getInputStream();
          long bytes = 0;
          byte[] buffer = new byte[1 << 16];
          for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            bytes += count;
          }
          socket.getOutputStream().write(1);
          System.out.println(socket.getInetAddress().getHostAddress() + " " + bytes);
        }
      }
    }
  }

  /** Sends, and says how long it took until the answer. */
  static final class Sender {

    private Sender() {}

    public static void main(String[] arguments) throws IOException {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(arguments[0], PORT), LIMIT_SECONDS * 1000);
        long start = System.nanoTime();
        socket.getOutputStream().write(new byte[Integer.parseInt(arguments[1])]);
        socket.shutdownOutput();
        if (socket.getInputStream().read() != 1) {
          throw new IOException("expected an answer but found the end");
        }
        System.out.println(System.nanoTime() - start);
      }
    }
  }
}
