package io.lockstep.cluster.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes X.509 certificates on the elliptic curve P-256, with the JDK's own cryptography. */
final class Certificates {

  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 120;

  /** Hosts whose clocks differ, or that wake up in 1970 without a battery, still agree. */
  private static final Instant FROM = Instant.EPOCH;

  private static final int YEARS = 10;
  private static final X500Name AUTHORITY = new X500Name("CN=lockstep cluster");

  private static final SecureRandom RANDOM = new SecureRandom();

  private Certificates() {}

  static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException("no elliptic curve " + CURVE, everyJdkHasIt);
    }
  }

  /** An authority's certificate, signed by itself. */
  static X509Certificate authority(KeyPair keys) {
    try {
      JcaX509v3CertificateBuilder builder = builder(AUTHORITY, expiry(), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return sign(builder, keys.getPrivate());
    } catch (CertIOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A node's certificate, for both ends of a connection; valid as long as its authority's. */
  static X509Certificate node(PublicKey node, X509Certificate authority, PrivateKey signer) {
    try {
      X500Name name = new X500Name("CN=lockstep node");
      JcaX509v3CertificateBuilder builder = builder(name, authority.getNotAfter(), node);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      KeyPurposeId[] bothEnds = {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth};
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(bothEnds));
      GeneralName[] names = {
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1")
      };
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      return sign(builder, signer);
    } catch (CertIOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @SuppressWarnings("JavaUtilDate") // what the builder takes
  private static JcaX509v3CertificateBuilder builder(X500Name subject, Date until, PublicKey key) {
    BigInteger serial = new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
    return new JcaX509v3CertificateBuilder(AUTHORITY, serial, Date.from(FROM), until, subject, key);
  }

  @SuppressWarnings("JavaUtilDate") // what the builder takes
  private static Date expiry() {
    return Date.from(Instant.now().plus(365L * YEARS, ChronoUnit.DAYS));
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey signer) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer)));
    } catch (OperatorCreationException | GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException("cannot sign with " + SIGNATURE, everyJdkHasIt);
    }
  }
}
