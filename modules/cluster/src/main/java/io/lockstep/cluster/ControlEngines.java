package io.lockstep.cluster;

import akka.remote.artery.tcp.SSLEngineProvider;
import io.lockstep.cluster.keys.NodeIdentity;
import io.lockstep.wire.Refusals;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import scala.Option;

/**
 * Mutual TLS for the control plane, with certificates of the cluster's own authority on both sides.
 *
 * @param identity of this process
 * @param refusals says which refusals are news
 */
record ControlEngines(NodeIdentity identity, Refusals refusals) implements SSLEngineProvider {

  @Override
  public SSLEngine createServerSSLEngine(String hostname, int port) {
    return new GuardedEngine(identity.serverEngine(), refusals);
  }

  @Override
  public SSLEngine createClientSSLEngine(String hostname, int port) {
    return identity.clientEngine(hostname, port);
  }

  /** Who has a certificate of the authority belongs to the cluster, under whatever address. */
  @Override
  public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
    return Option.empty();
  }
}
