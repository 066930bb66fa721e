package io.lockstep.cluster;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.wire.NettyDataPlane;
import io.lockstep.wire.SharedKey;
import io.lockstep.wire.WireSettings;
import io.lockstep.wire.WireSettings.Transport;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Starts the data plane of a process as it was asked for. */
final class DataPlanes {

  private DataPlanes() {}

  static NettyDataPlane start(NodeOptions options) {
    WireSettings settings =
        settings(options.bind(), options.dataPort(), options.key(), options.transport())
            .advertise(options.advertise(), options.advertiseDataPort());
    return start(settings, options.key(), options.encrypt());
  }

  static NettyDataPlane start(ClusterTarget target, String bind) {
    return start(
        settings(bind, 0, target.key(), target.transport()), target.key(), target.encrypt());
  }

  private static WireSettings settings(
      String bind, int port, Optional<ClusterKey> key, Transport transport) {
    SharedKey shared = key.map(k -> SharedKey.fromBytes(k.sharedSecret())).orElse(SharedKey.NONE);
    return WireSettings.loopback(shared).bindTo(bind, port).by(transport);
  }

  private static NettyDataPlane start(
      WireSettings settings, Optional<ClusterKey> key, boolean encrypt) {
    WireSettings wanted =
        encrypt && key.isPresent()
            ? settings.encrypted(key.get().newIdentity().sslContext())
            : settings;
    try {
      return NettyDataPlane.start(wanted);
    } catch (UncheckedIOException e) {
      throw new LaunchException(e.getMessage(), e);
    }
  }
}
