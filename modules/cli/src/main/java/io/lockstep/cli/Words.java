package io.lockstep.cli;

import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.Role;
import io.lockstep.wire.WireSettings.Transport;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Options' words that stand for something of the cluster. */
final class Words {

  private Words() {}

  /** {@code worker} or {@code parameter-server}. */
  static final class OfRole implements ITypeConverter<Role> {
    @Override
    public Role convert(String word) {
      return Role.of(word).orElseThrow(() -> expected("worker or parameter-server", word));
    }
  }

  /** {@code auto}, {@code tcp} or {@code unix}. */
  static final class OfTransport implements ITypeConverter<Transport> {
    @Override
    public Transport convert(String word) {
      return Arrays.stream(Transport.values())
          .filter(transport -> transport.name().toLowerCase(Locale.ROOT).equals(word))
          .findFirst()
          .orElseThrow(() -> expected("auto, tcp or unix", word));
    }
  }

  /** {@code HOST:PORT}. */
  static final class OfHostPort implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String word) {
      return HostPort.parse(word)
          .filter(address -> address.port() > 0)
          .orElseThrow(() -> expected("HOST:PORT, such as node1:7355,", word));
    }
  }

  private static TypeConversionException expected(String expected, String found) {
    return new TypeConversionException("expected %s but found '%s'".formatted(expected, found));
  }
}
