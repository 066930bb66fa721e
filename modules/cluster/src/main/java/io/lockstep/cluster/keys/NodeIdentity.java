package io.lockstep.cluster.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a process proves with that it belongs to a cluster, and what it demands of its peers: a
 * certificate signed by the cluster's authority, TLS 1.3, on both sides of each connection.
 *
 * <p>Host names are not compared: a node has whatever address its scheduler gives it, and the
 * authority signs for members of this one cluster only. Immutable and thread-safe.
 */
public final class NodeIdentity {

  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /** Both stores live in memory only. */
  private static final char[] NO_PASSWORD = {};

  private final KeyStore keyStore;
  private final KeyStore trustStore;
  private final SSLContext context;

  NodeIdentity(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    try {
      this.keyStore = emptyStore();
      keyStore.setKeyEntry("node", key, NO_PASSWORD, new Certificate[] {certificate, authority});
      this.trustStore = emptyStore();
      trustStore.setCertificateEntry("authority", authority);
      this.context = context(keyStore, trustStore);
    } catch (GeneralSecurityException | IOException everyJdkHasIt) {
      throw new IllegalStateException("no TLS 1.3 in this JDK", everyJdkHasIt);
    }
  }

  /**
   * Of the kind that derives no key from the password: PKCS12 would hash an empty one some 10,000
   * times at each start, for a store that never leaves memory.
   */
  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    return store;
  }

  private static SSLContext context(KeyStore keys, KeyStore trusted)
      throws GeneralSecurityException {
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, NO_PASSWORD);
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(trusted);
    SSLContext context = SSLContext.getInstance(PROTOCOLS[0]);
    context.init(
        keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), new SecureRandom());
    return context;
  }

  /** The private key and its chain, under an empty password; in memory only. */
  public KeyStore nodeKeyStore() {
    return keyStore;
  }

  /** The cluster's authority, the only one that is trusted. */
  public KeyStore trustStore() {
    return trustStore;
  }

  /** For sockets that apply {@link #parameters} themselves. */
  public SSLContext sslContext() {
    return context;
  }

  /** TLS 1.3 only, and a client without a certificate is refused. */
  public SSLParameters parameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  /** For the side that was connected to. */
  public SSLEngine serverEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters());
    return engine;
  }

  /** For the side that connects. */
  public SSLEngine clientEngine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.setSSLParameters(parameters());
    return engine;
  }
}
