package io.lockstep.wire;

import io.lockstep.training.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way to a server, which may stand still or break at any byte: what a network does, or a
 * process that dies.
 */
final class Tunnel implements AutoCloseable {

  private static final int CHUNK_BYTES = 8192;

  private final Endpoint server;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Done when as many bytes have come from the server as were to pass. */
  final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /** Bytes from the server that still pass. */
  private long left = Long.MAX_VALUE;

  private boolean cut;

  Tunnel(Endpoint server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Where its beginning is. */
  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listening.getLocalPort(), "", "");
  }

  /** Only this many bytes from the server pass from now on. */
  synchronized void passOnly(long bytes) {
    left = bytes;
  }

  /** Lets all pass again. */
  synchronized void go() {
    left = Long.MAX_VALUE;
    notifyAll();
  }

  /** Ends all connections. */
  void cut() throws IOException {
    synchronized (this) {
      cut = true;
      notifyAll();
    }
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket far = new Socket(server.host(), server.port());
        sockets.addAll(List.of(client, far));
        Thread.ofVirtual().start(() -> forward(client, far, false));
        Thread.ofVirtual().start(() -> forward(far, client, true));
      }
    } catch (IOException closed) {
      // It was cut.
    }
  }

  /**
   * The end of one side reaches the other after all that it has sent; who does not read any more is
   * read all the same, so that its last words are not lost.
   */
  private void forward(Socket from, Socket to, boolean fromServer) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = from.getInputStream();
      boolean taken = true;
      for (int bytes = in.read(chunk); bytes >= 0; bytes = in.read(chunk)) {
        taken = taken && write(chunk, bytes, to, fromServer);
      }
      to.shutdownOutput();
    } catch (IOException ended) {
      close(from); // It was reset, or cut: the other side sees it, too.
      close(to);
    }
  }

  /** Returns whether the other side has taken the bytes. */
  private boolean write(byte[] chunk, int bytes, Socket to, boolean fromServer) {
    try {
      OutputStream out = to.getOutputStream();
      int done = 0;
      while (done < bytes) {
        int pass = fromServer ? pass(bytes - done) : bytes - done;
        if (pass == 0) {
          return false;
        }
        out.write(chunk, done, pass);
        done += pass;
      }
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many of these bytes pass; waits until some do. Returns 0 if it is cut. */
  private synchronized int pass(int bytes) {
    while (left == 0 && !cut) {
      stopped.complete(null);
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    int pass = cut ? 0 : (int) Math.min(left, bytes);
    left -= pass;
    return pass;
  }

  @Override
  public void close() {
    try {
      cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
