package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The composed layer and loss that the documentation shows are, as they stand there, used here. */
class DocumentedSamplesTest {

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Path SAMPLES = REPOSITORY.resolve("docs/samples");
  private static final Map<String, String> PAGES =
      Map.of("Gated", "README.md", "PseudoHuber", "docs/families.md");

  @TempDir private Path folder;

  @Test
  void pagesShowTheWholeFiles() throws IOException {
    for (Map.Entry<String, String> one : PAGES.entrySet()) {
      String source = Files.readString(SAMPLES.resolve(one.getKey() + ".java"));
      assertThat(Files.readString(REPOSITORY.resolve(one.getValue())))
          .contains("\n```java\n" + source + "```\n");
    }
  }

  @Test
  void theyAreTrained() throws IOException {
    Path csv = Files.writeString(folder.resolve("t.csv"), "y,x\n1,2\n3,4\n2,3\n9,1\n");
    Path conf =
        Files.writeString(
            folder.resolve("own.conf"),
            """
            data { name = table, validation = 0, scaling = standardize }
            data.table { file = "%s", formula = "y ~ x" }
            network.layers = [{ type = com.example.Gated, units = 3 }]
            network.output.family = com.example.PseudoHuber
            train { epochs = 2, batch = 4 }
            """
                .formatted(csv));
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            conf.toString(),
            "--jar",
            jar().toString(),
            "--out",
            folder.resolve("run").toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("gated", "pseudo-huber");
  }

  private Path jar() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String classPath = System.getProperty("java.class.path");
    List<String> options = List.of("-cp", classPath, "-d", classes.toString());
    List<String> sources =
        PAGES.keySet().stream().map(name -> SAMPLES.resolve(name + ".java").toString()).toList();
    String[] arguments = Stream.of(options, sources).flatMap(List::stream).toArray(String[]::new);
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments)).isZero();
    Path jar = folder.resolve("own.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String name : PAGES.keySet()) {
        String entry = "com/example/%s.class".formatted(name);
        out.putNextEntry(new JarEntry(entry));
        out.write(Files.readAllBytes(classes.resolve(entry)));
        out.closeEntry();
      }
    }
    return jar;
  }
}
