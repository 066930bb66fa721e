package io.lockstep.cluster.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterKeyTest {

  @TempDir private Path folder;

  @Test
  void survivesBytesAndText() {
    ClusterKey key = ClusterKey.create();
    assertThat(ClusterKey.fromBytes(key.toBytes()).toBytes()).isEqualTo(key.toBytes());
    assertThat(ClusterKey.fromText(key.toText()).sharedSecret()).isEqualTo(key.sharedSecret());
    assertThat(key.toText()).doesNotContain("\n");
    assertThat(ClusterKey.fromText(key.toText()).id()).isEqualTo(key.id());
  }

  @Test
  void isUnlikeAnyOther() {
    ClusterKey one = ClusterKey.create();
    ClusterKey other = ClusterKey.create();
    assertThat(one.id()).isNotEqualTo(other.id());
    assertThat(one.sharedSecret()).hasSize(32).isNotEqualTo(other.sharedSecret());
  }

  @Test
  void refusesEveryDamagedByteAndEveryCut() {
    byte[] bytes = ClusterKey.create().toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 1;
      assertThatThrownBy(() -> ClusterKey.fromBytes(damaged)).isInstanceOf(KeyException.class);
      byte[] cut = java.util.Arrays.copyOf(bytes, i);
      assertThatThrownBy(() -> ClusterKey.fromBytes(cut)).isInstanceOf(KeyException.class);
    }
    assertThatThrownBy(() -> ClusterKey.fromText("no base64!")).isInstanceOf(KeyException.class);
  }

  @Test
  void doesNotTellItsSecrets() {
    ClusterKey key = ClusterKey.create();
    assertThat(key.toString()).isEqualTo("cluster key " + key.id());
    assertThat(key.toText()).doesNotContain(key.id());
  }

  @Test
  void isKeptInAFileThatOnlyItsOwnerReads() throws IOException {
    Path file = folder.resolve("cluster.key");
    ClusterKey key = ClusterKey.create();
    KeyFile.write(file, key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(KeyFile.read(file).toBytes()).isEqualTo(key.toBytes());
    assertThatThrownBy(() -> KeyFile.write(file, ClusterKey.create()))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("never overwritten");
    assertThat(KeyFile.read(file).id()).isEqualTo(key.id());
  }

  @Test
  void refusesAFileThatOthersRead() throws IOException {
    Path file = folder.resolve("cluster.key");
    KeyFile.write(file, ClusterKey.create());
    for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw-----w-"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertThatThrownBy(() -> KeyFile.read(file))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining(permissions)
          .hasMessageContaining("chmod 600 " + file);
    }
  }

  @Test
  void saysWhatAFileIsInstead() throws IOException {
    assertThatThrownBy(() -> KeyFile.read(folder.resolve("missing")))
        .hasMessageContaining("lockstep key " + folder.resolve("missing"));
    Path other = folder.resolve("other");
    Files.writeString(other, "ssh-rsa AAAA\n");
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> KeyFile.read(other))
        .hasMessageStartingWith(other + ": expected a cluster key");
    assertThatThrownBy(() -> KeyFile.write(folder.resolve("no/such/key"), ClusterKey.create()))
        .hasMessageContaining("its folder does not exist");
  }
}
