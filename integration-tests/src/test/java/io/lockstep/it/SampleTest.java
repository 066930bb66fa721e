package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.sample.TrainDigits;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample of README.md: what is printed there is what is compiled and run here. */
class SampleTest {

  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE =
      Path.of("src/test/java", TrainDigits.class.getName().replace('.', '/') + ".java");

  @Test
  void theReadmeShowsTheSampleButForItsPackage() throws Exception {
    String packageLine = "package " + TrainDigits.class.getPackageName() + ";\n\n";

    String sample = Files.readString(SOURCE).replace(packageLine, "");
    assertThat(Files.readString(README)).contains("\n```java\n" + sample + "```\n");
  }

  @Test
  void theSampleTrainsAndPredicts(@TempDir Path folder) {
    TrainDigits.main(folder.resolve("run").toString());

    RunSummary summary = RunFolder.open(folder.resolve("run")).readSummary();
    assertThat(summary.epochs()).isEqualTo(2);
    assertThat(summary.workers()).isEqualTo(2);
    assertThat(summary.test().accuracy()).isGreaterThan(0.8);
  }
}
