package io.lockstep.cluster.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshakes over real sockets. */
@Timeout(120)
final class NodeIdentityTest {

  private static final int TIMEOUT_MS = 60_000;

  private final ClusterKey key = ClusterKey.create();

  @Test
  void nodesOfOneClusterTalk() throws Exception {
    ClusterKey handedOver = ClusterKey.fromText(key.toText());
    assertThat(talk(key.newIdentity(), handedOver.newIdentity().sslContext())).isEqualTo("TLSv1.3");
    assertThat(talk(handedOver.newIdentity(), key.newIdentity().sslContext())).isEqualTo("TLSv1.3");
  }

  @Test
  void refusesTheNodeOfAnotherCluster() {
    SSLContext stranger = ClusterKey.create().newIdentity().sslContext();
    assertThatThrownBy(() -> talk(key.newIdentity(), stranger)).isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhoTrustsUsButHasNoCertificate() throws Exception {
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(key.newIdentity().trustStore());
    SSLContext anonymous = SSLContext.getInstance("TLSv1.3");
    anonymous.init(null, trusted.getTrustManagers(), new SecureRandom());
    assertThatThrownBy(() -> talk(key.newIdentity(), anonymous)).isInstanceOf(IOException.class);
  }

  @Test
  void enginesSpeakNothingOlderThanTls13() {
    NodeIdentity identity = key.newIdentity();
    SSLEngine server = identity.serverEngine();
    SSLEngine client = identity.clientEngine("localhost", 7355);
    assertThat(server.getUseClientMode()).isFalse();
    assertThat(server.getNeedClientAuth()).isTrue();
    assertThat(client.getUseClientMode()).isTrue();
    assertThat(server.getEnabledProtocols()).containsExactly("TLSv1.3");
    assertThat(client.getEnabledProtocols()).containsExactly("TLSv1.3");
  }

  @Test
  void eachProcessHasAKeyOfItsOwn() throws Exception {
    KeyStore one = key.newIdentity().nodeKeyStore();
    KeyStore other = key.newIdentity().nodeKeyStore();
    assertThat(one.getCertificateChain("node")).hasSize(2);
    assertThat(one.getCertificate("node")).isNotEqualTo(other.getCertificate("node"));
  }

  /** A byte each way: a TLS 1.3 client learns that it is refused only when it reads. */
  private static String talk(NodeIdentity server, SSLContext client) throws Exception {
    try (SSLServerSocket listening =
            (SSLServerSocket)
                server
                    .sslContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SSLSocket socket =
            (SSLSocket)
                client
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
      listening.setSSLParameters(server.parameters());
      listening.setSoTimeout(TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> answer(listening));
      socket.getOutputStream().write(1);
      int answer = socket.getInputStream().read();
      String protocol = socket.getSession().getProtocol();
      socket.close(); // The other side's close waits for it.
      await(served);
      if (answer != 2) {
        throw new IOException("expected the answer 2 but found " + answer);
      }
      return protocol;
    }
  }

  private static void answer(SSLServerSocket listening) {
    try (SSLSocket accepted = (SSLSocket) listening.accept()) {
      accepted.setSoTimeout(TIMEOUT_MS);
      int asked = accepted.getInputStream().read();
      accepted.getOutputStream().write(asked + 1);
      accepted.getOutputStream().flush();
    } catch (IOException refused) {
      throw new java.io.UncheckedIOException(refused);
    }
  }

  private static void await(CompletableFuture<Void> served) throws Exception {
    try {
      served.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }
}
