package io.lockstep.cluster.keys;

import java.io.ByteArrayInputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The key of one cluster: a certificate authority, which signs a certificate for each process, and
 * a secret that all processes share. Whoever has it belongs to the cluster; there is no other right
 * and no user.
 *
 * <p>The control plane speaks TLS with certificates of this authority on both sides ({@link
 * #newIdentity}); on the data plane each side proves that it knows the {@link #sharedSecret}.
 *
 * <p>As bytes:
 *
 * <pre>
 *   0  version        1 byte, 1
 *   1  length a       2 bytes, big-endian
 *   3  private key    a bytes, PKCS #8
 *      length c       2 bytes
 *      certificate    c bytes, X.509
 *      secret         32 bytes
 *      checksum       8 bytes, the first of the SHA-256 of all before
 * </pre>
 *
 * <p>Immutable and thread-safe. Its text never shows a secret.
 */
public final class ClusterKey {

  /** Length of {@link #sharedSecret}. */
  public static final int SECRET_BYTES = 32;

  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = 8;
  private static final int ID_BYTES = 8;

  private final PrivateKey signer;
  private final X509Certificate authority;
  private final byte[] secret;

  private ClusterKey(PrivateKey signer, X509Certificate authority, byte[] secret) {
    this.signer = signer;
    this.authority = authority;
    this.secret = secret;
  }

  /** A new key, unlike any other. */
  public static ClusterKey create() {
    KeyPair keys = Certificates.keyPair();
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new ClusterKey(keys.getPrivate(), Certificates.authority(keys), secret);
  }

  /**
   * The key with the given bytes.
   *
   * @throws KeyException if they are damaged or none of this version
   */
  public static ClusterKey fromBytes(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(verified(bytes));
      if (in.get() != VERSION) {
        throw new KeyException(
            "expected a cluster key of version %d but found version %d; make a new one with this lockstep"
                .formatted(VERSION, bytes[0]));
      }
      PrivateKey signer =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(part(in)));
      ByteArrayInputStream certificate = new ByteArrayInputStream(part(in));
      X509Certificate authority =
          (X509Certificate)
              CertificateFactory.getInstance("X.509").generateCertificate(certificate);
      byte[] secret = new byte[SECRET_BYTES];
      in.get(secret);
      return new ClusterKey(signer, authority, secret);
    } catch (GeneralSecurityException | BufferUnderflowException malformed) {
      throw new KeyException(DAMAGED, malformed);
    }
  }

  private static final String DAMAGED =
      "expected a cluster key but found something else, or a damaged one; copy it again, or make a new one for all nodes";

  private static byte[] verified(byte[] bytes) {
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 1) {
      throw new KeyException(DAMAGED);
    }
    byte[] content = Arrays.copyOf(bytes, length);
    byte[] found = Arrays.copyOfRange(bytes, length, bytes.length);
    if (!Arrays.equals(found, checksum(content, CHECKSUM_BYTES))) {
      throw new KeyException(DAMAGED);
    }
    return content;
  }

  private static byte[] part(ByteBuffer in) {
    byte[] part = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(part);
    return part;
  }

  /** As bytes, to be kept secret. */
  public byte[] toBytes() {
    byte[] key = signer.getEncoded();
    byte[] certificate = encoded(authority);
    int length = 1 + 2 + key.length + 2 + certificate.length + SECRET_BYTES;
    byte[] content =
        ByteBuffer.allocate(length)
            .put(VERSION)
            .putShort((short) key.length)
            .put(key)
            .putShort((short) certificate.length)
            .put(certificate)
            .put(secret)
            .array();
    return ByteBuffer.allocate(length + CHECKSUM_BYTES)
        .put(content)
        .put(checksum(content, CHECKSUM_BYTES))
        .array();
  }

  /** As one line of text, to be kept secret: for handing it to a process on its standard input. */
  public String toText() {
    return Base64.getEncoder().encodeToString(toBytes());
  }

  /**
   * The key with the given text.
   *
   * @throws KeyException if it is none
   */
  public static ClusterKey fromText(String text) {
    try {
      return fromBytes(Base64.getDecoder().decode(text.strip()));
    } catch (IllegalArgumentException notBase64) {
      throw new KeyException(DAMAGED, notBase64);
    }
  }

  /** What the data plane's handshake proves knowledge of: a copy, 32 random bytes. */
  public byte[] sharedSecret() {
    return secret.clone();
  }

  /** Names the key in messages without telling anything of it. */
  public String id() {
    return HexFormat.of().formatHex(checksum(encoded(authority), ID_BYTES));
  }

  /** A certificate for this process, with a private key that never leaves it. */
  public NodeIdentity newIdentity() {
    KeyPair keys = Certificates.keyPair();
    X509Certificate node = Certificates.node(keys.getPublic(), authority, signer);
    return new NodeIdentity(keys.getPrivate(), node, authority);
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] checksum(byte[] bytes, int length) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), length);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  @Override
  public String toString() {
    return "cluster key " + id();
  }
}
