package io.lockstep.cluster;

import io.lockstep.wire.Refusals;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's end of a connection that someone opened: tells why a stranger was refused.
 * Akka closes such connections in silence. It does not say where they come from, either; the reason
 * is what can be told, once for each kind of refusal.
 *
 * <p>Does nothing else but pass on to the engine within. Used by one thread at a time.
 */
final class GuardedEngine extends SSLEngine {

  /** The first byte of whatever TLS begins with. */
  private static final byte HANDSHAKE_RECORD = 22;

  private static final int SHOWN_BYTES = 4;

  /** Akka does not say who it is. */
  private static final String SOMEBODY = "";

  private static final Logger LOG = LoggerFactory.getLogger(GuardedEngine.class);

  private final SSLEngine engine;
  private final Refusals refusals;

  /** Whether nothing is to be told any more: the peer has the key, or its refusal is known. */
  private boolean settled;

  /** Whether nothing was understood of the peer so far. */
  private boolean first = true;

  GuardedEngine(SSLEngine engine, Refusals refusals) {
    this.engine = engine;
    this.refusals = refusals;
  }

  /** A step of the engine's. */
  @FunctionalInterface
  private interface Step {

    SSLEngineResult take() throws SSLException;
  }

  private SSLEngineResult guarded(Step step) throws SSLException {
    try {
      SSLEngineResult result = step.take();
      settled |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
      return result;
    } catch (SSLException refusal) {
      tell(refusal.getClass().getName(), refusal.getMessage());
      throw refusal;
    }
  }

  private void tell(String kind, String why) {
    if (!settled) {
      settled = true;
      if (refusals.isNews(SOMEBODY, kind)) {
        LOG.warn("control plane: refused a connection: {}", why);
      }
    }
  }

  /** Says what came instead of TLS; the engine would call it a plaintext connection at best. */
  private void look(ByteBuffer from) {
    if (first && from.remaining() >= SHOWN_BYTES) {
      first = false;
      if (from.get(from.position()) != HANDSHAKE_RECORD) {
        byte[] bytes = new byte[SHOWN_BYTES];
        from.get(from.position(), bytes);
        String text = new String(bytes, StandardCharsets.US_ASCII).replaceAll("[^ -~]", ".");
        tell(
            "no TLS",
            "expected TLS, found %s (%s)".formatted(HexFormat.of().formatHex(bytes), text));
      }
    }
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to)
      throws SSLException {
    return guarded(() -> engine.wrap(from, offset, length, to));
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length)
      throws SSLException {
    look(from);
    return guarded(() -> engine.unwrap(from, to, offset, length));
  }

  @Override
  public void closeInbound() throws SSLException {
    tell("closed", "closed by the peer before it had shown a certificate");
    engine.closeInbound();
  }

  @Override
  public Runnable getDelegatedTask() {
    return engine.getDelegatedTask();
  }

  @Override
  public boolean isInboundDone() {
    return engine.isInboundDone();
  }

  @Override
  public void closeOutbound() {
    engine.closeOutbound();
  }

  @Override
  public boolean isOutboundDone() {
    return engine.isOutboundDone();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  @Override
  public SSLSession getSession() {
    return engine.getSession();
  }

  @Override
  public SSLSession getHandshakeSession() {
    return engine.getHandshakeSession();
  }

  @Override
  public void beginHandshake() throws SSLException {
    engine.beginHandshake();
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    return engine.getHandshakeStatus();
  }

  @Override
  public void setUseClientMode(boolean mode) {
    engine.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return engine.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean may) {
    engine.setEnableSessionCreation(may);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return engine.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    engine.setSSLParameters(parameters);
  }

  @Override
  public String getApplicationProtocol() {
    return engine.getApplicationProtocol();
  }

  @Override
  public String getHandshakeApplicationProtocol() {
    return engine.getHandshakeApplicationProtocol();
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      BiFunction<SSLEngine, List<String>, String> selector) {
    engine.setHandshakeApplicationProtocolSelector(selector);
  }

  @Override
  public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
    return engine.getHandshakeApplicationProtocolSelector();
  }
}
