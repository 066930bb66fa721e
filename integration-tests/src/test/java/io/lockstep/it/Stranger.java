package io.lockstep.it;

import io.lockstep.cluster.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Someone who connects to a port of a node and does not belong there. */
enum Stranger {
  CONNECTS_AND_CLOSES,
  SENDS_RANDOM_BYTES {
    @Override
    void talk(Socket socket) throws IOException {
      byte[] bytes = new byte[1 << 14];
      new Random(1).nextBytes(bytes);
      socket.getOutputStream().write(bytes);
    }
  },
  ASKS_BY_HTTP {
    @Override
    void talk(Socket socket) throws IOException {
      String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
  },
  HAS_NO_CERTIFICATE {
    @Override
    void talk(Socket plain) throws IOException {
      try (SSLSocket socket =
          (SSLSocket) tls().getSocketFactory().createSocket(plain, "localhost", 0, true)) {
        socket.startHandshake();
        awaitEnd(socket);
      }
    }
  };

  private static final int LIMIT_MS = 60_000;

  /** Does it, and returns when the node has closed the connection, or so has the stranger. */
  void visit(HostPort node) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(node.host(), node.port()), LIMIT_MS);
      socket.setSoTimeout(LIMIT_MS);
      if (this != CONNECTS_AND_CLOSES) {
        talk(socket);
        awaitEnd(socket);
      }
    } catch (SocketTimeoutException open) {
      throw new AssertionError(this + ": still connected after " + LIMIT_MS + " ms", open);
    } catch (SocketException | SSLException refused) {
      return; // A reset or an alert in the middle: the connection is closed.
    }
  }

  void talk(Socket socket) throws IOException {}

  private static void awaitEnd(Socket socket) throws IOException {
    byte[] answer = new byte[1 << 10];
    while (socket.getInputStream().read(answer) >= 0) {
      // What a node tells strangers, such as its challenge, is no secret.
    }
  }

  private static SSLContext tls() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  private static final class TrustsAll implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
