package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataEnvironmentTest {

  private static final Path HOME = Path.of("/home/me");

  @Test
  void cachesInTheHomeFolder() {
    assertThat(new DataEnvironment(Map.of(), HOME, "Linux").cacheFolder("mnist"))
        .isEqualTo(HOME.resolve(".cache/lockstep/mnist"));
    assertThat(new DataEnvironment(Map.of(), HOME, "Mac OS X").cacheFolder("mnist"))
        .isEqualTo(HOME.resolve("Library/Caches/lockstep/mnist"));
  }

  @Test
  void followsXdgCacheHomeIfItIsAbsolute() {
    assertThat(
            new DataEnvironment(Map.of("XDG_CACHE_HOME", "/var/me"), HOME, "Linux")
                .cacheFolder("mnist"))
        .isEqualTo(Path.of("/var/me/lockstep/mnist"));
    for (String relative : new String[] {"", "  ", "cache"}) {
      assertThat(
              new DataEnvironment(Map.of("XDG_CACHE_HOME", relative), HOME, "Linux")
                  .cacheFolder("mnist"))
          .isEqualTo(HOME.resolve(".cache/lockstep/mnist"));
    }
  }

  @Test
  void readsLockstepData() {
    assertThat(
            new DataEnvironment(Map.of("LOCKSTEP_DATA", "/data"), HOME, "Linux")
                .dataFolder("mnist"))
        .isEqualTo(Path.of("/data/mnist"));
    assertThat(new DataEnvironment(Map.of("LOCKSTEP_DATA", ""), HOME, "Linux").dataFolder("mnist"))
        .isNull();
    assertThat(new DataEnvironment(Map.of(), HOME, "Linux").dataFolder("mnist")).isNull();
  }

  @Test
  void takesTheProcessAsItIs() {
    assertThat(DataEnvironment.ofProcess().variables()).isEqualTo(System.getenv());
    assertThat(DataRequest.ofProcess().mayDownload()).isTrue();
  }
}
