package io.lockstep.cluster.keys;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Asks the control plane of a node, over a connection of its own, why it cannot be joined. The
 * cluster's own attempts only go on until their time is over.
 */
public final class KeyCheck {

  private static final int TIMEOUT_MS = 3_000;

  private KeyCheck() {}

  /** What a node answered. */
  public enum Answer {
    /** It has the same key. */
    SAME_KEY,
    /** Its certificate is of another authority: it has another key. */
    OTHER_KEY,
    /** Nobody listens there. */
    NOBODY,
    /** None that tells: for instance it has no key, or takes too long. */
    UNKNOWN
  }

  /** Asks the node at an address; takes a few seconds at most. */
  public static Answer ask(String host, int port, ClusterKey key) {
    NodeIdentity identity = key.newIdentity();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
      plain.setSoTimeout(TIMEOUT_MS);
      try (SSLSocket socket =
          (SSLSocket)
              identity.sslContext().getSocketFactory().createSocket(plain, host, port, true)) {
        socket.setSSLParameters(identity.parameters());
        socket.startHandshake();
        return Answer.SAME_KEY;
      }
    } catch (ConnectException refused) {
      return Answer.NOBODY;
    } catch (IOException failure) {
      return isOfAnotherAuthority(failure) ? Answer.OTHER_KEY : Answer.UNKNOWN;
    }
  }

  private static boolean isOfAnotherAuthority(Throwable failure) {
    Optional<Throwable> cause = Optional.of(failure);
    while (cause.isPresent()) {
      if (cause.get() instanceof CertPathBuilderException
          || cause.get() instanceof CertPathValidatorException) {
        return true;
      }
      cause = Optional.ofNullable(cause.get().getCause());
    }
    return false;
  }
}
