package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.Model;
import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.model.Jar;
import io.lockstep.model.RunSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's layer of one's own, compiled into a jar that no process has on its class path. */
@Timeout(180)
class JarTest {

  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Path SOURCE = REPOSITORY.resolve("docs/samples/ParametricRelu.java");
  private static final String CLASS = "com/example/ParametricRelu.class";

  /** More than a message of the control plane has room for, however well it is packed. */
  private static final int BALLAST_BYTES = 300_000;

  @TempDir private static Path folder;

  private static Path jar;
  private static Path conf;

  @BeforeAll
  static void compile() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String classPath = System.getProperty("java.class.path");
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", classes.toString(), SOURCE.toString());
    assertThat(exitCode).isZero();
    jar = folder.resolve("layers.jar");
    byte[] ballast = new byte[BALLAST_BYTES];
    new Random(1).nextBytes(ballast);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      add(out, "ballast", ballast);
      add(out, CLASS, Files.readAllBytes(classes.resolve(CLASS)));
    }
    conf =
        Files.writeString(
            folder.resolve("own.conf"),
            """
            data.digits { train = 2000, test = 500 }
            network.layers = [
              { type = dense, units = 40, activation = identity }
              { type = com.example.ParametricRelu, slope = 0.1 }
            ]
            train { epochs = 2, batch = 64, microBatches = 8 }
            """);
  }

  private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }

  @Test
  void aLaunchHasTheWeightsOfOneJvmAndItsRunKeepsTheJar() throws Exception {
    Configuration configuration = Configuration.load(conf).withJars(Jar.read(List.of(jar)));
    RunSummary expected = Training.create(configuration).run().summary();

    KeptRun run = new KeptRun(folder.resolve("run"));
    LockstepProcess.Ended ended =
        lockstep(
            "launch",
            conf.toString(),
            "--jar=" + jar,
            "--workers=2",
            "--change=10:+1",
            "--quiet",
            "--out=" + run.folder());

    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isZero();
    assertThat(run.weights()).isEqualTo(expected.weightsSha256());
    assertThat(run.events()).containsExactly(new KeptRun.Event("joined", 10, "worker-2"));
    assertThat(run.work())
        .hasSize(3)
        .allSatisfy((n, w) -> assertThat(w.microBatches()).isPositive());
    JsonNode used = run.summary().get("jars");
    assertThat(used).hasSize(1);
    assertThat(used.get(0).get("name").asText()).isEqualTo("layers.jar");
    assertThat(used.get(0).get("sha256").asText())
        .isEqualTo(Jar.read(List.of(jar)).getFirst().sha256());
    assertThat(run.folder().resolve("jars/layers.jar")).hasSameBinaryContentAs(jar);
    assertThat(Model.load(run.folder()).network().summary().get(1).kind())
        .isEqualTo("parametricrelu");

    LockstepProcess.Ended evaluated = lockstep("evaluate", run.folder().toString(), "--json");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("\"loss\":" + expected.test().loss());
  }

  @Test
  void saysWhatIsWrongWithAJar() throws Exception {
    refuses(
        "network.layers[1].type: expected a class that comes with the program or in a jar but found"
            + " \"com.example.ParametricRelu\" at "
            + conf
            + ":4; name its jar: --jar FILE",
        "train",
        conf.toString());
    Path missing = folder.resolve("missing.jar");
    refuses(
        missing + ": expected a jar but found no file", "inspect", "digits", "--jar=" + missing);
    refuses(conf + ": expected a jar but found no entry of one", "train", "--jar=" + conf);
    refuses(
        "expected --key FILE with --jar: nodes take classes only from who has their key",
        "train",
        conf.toString(),
        "--jar=" + jar,
        "--join=127.0.0.1:1");
  }

  private static void refuses(String message, String... arguments) throws Exception {
    LockstepProcess.Ended ended = lockstep(arguments);
    assertThat(ended.err()).contains("lockstep: " + message + "\n").doesNotContain("\tat ");
    assertThat(ended.exitCode()).isEqualTo(2);
  }

  private static LockstepProcess.Ended lockstep(String... arguments) throws Exception {
    try (LockstepProcess process =
        LockstepProcess.start(folder, LockstepProcess.SMALL_FLAGS, arguments)) {
      return process.await();
    }
  }

  @Test
  void theReadmeShowsTheLayerThatIsTested() throws IOException {
    assertThat(Files.readString(REPOSITORY.resolve("README.md")))
        .contains("```java\n" + Files.readString(SOURCE) + "```");
  }
}
