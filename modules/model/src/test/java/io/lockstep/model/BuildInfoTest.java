package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class BuildInfoTest {

  private static BuildInfo of(String version, String commit, String dirty) {
    Properties properties = new Properties();
    properties.setProperty("version", version);
    properties.setProperty("commit", commit);
    properties.setProperty("dirty", dirty);
    return BuildInfo.of(properties);
  }

  @Test
  void namesVersionAndCommit() {
    assertThat(of("1.2.3", "0123456789ab", "false"))
        .isEqualTo(new BuildInfo("1.2.3", "0123456789ab"));
    assertThat(of("1.2.3", "0123456789ab", "true"))
        .isEqualTo(new BuildInfo("1.2.3", "0123456789ab-dirty"));
  }

  @Test
  void isUnknownOutsideARepository() {
    assertThat(of("1.2.3", "${git.commit.id.abbrev}", "${git.dirty}"))
        .isEqualTo(new BuildInfo("1.2.3", "unknown"));
    assertThat(BuildInfo.of(new Properties())).isEqualTo(new BuildInfo("unknown", "unknown"));
  }

  @Test
  void theBuildFillsInTheVersion() {
    BuildInfo build = BuildInfo.ofProgram();

    assertThat(build.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(build.commit()).matches("unknown|[0-9a-f]{12}(-dirty)?");
  }
}
