package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What makes the kernels fast, without a clock: the JIT compiler keeps vectors in registers, never
 * on the heap, and those of a register tile's loop never on the stack either.
 */
final class CompiledKernelsTest {
  private static final String TILES = "Vector%dTiles".formatted(VectorKernels.widestBits());

  /** Methods that are register tiles: rows or features by panels. */
  private static final Pattern TILE =
      Pattern.compile("(?:product|leaf|leafPlus|leafPlusTwo)(\\d+)x(\\d+)");

  /**
   * Smaller tiles are for the last rows of a matrix; their loops C2 unrolls, and it may run out of
   * registers there.
   */
  private static final int LEAST_VECTORS = 8;

  private static List<String> output;

  @BeforeAll
  static void compileInAnotherJvm(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("compiled.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-XX:-BackgroundCompilation",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompileCommand=print,io.lockstep.kernels." + TILES + "::*x*",
                "-cp",
                System.getProperty("java.class.path"),
                HotKernels.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    output = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as(String.join("\n", output)).isZero();
  }

  @Test
  void nothingIsAllocated() {
    List<String> allocated = output.stream().filter(line -> line.startsWith("allocated ")).toList();
    assertThat(allocated).hasSizeGreaterThan(15).allMatch(line -> line.startsWith("allocated 0 "));
  }

  @Test
  void largeTilesStayInRegisters() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "knows the code of x86-64 only");
    assumeTrue(
        output.stream().anyMatch(line -> line.contains("Loading hsdis library failed")),
        "the JVM has a disassembler, and does not print hexadecimal code");
    Map<String, MachineCode> compiled = MachineCode.ofC2(output.stream());
    assertThat(tiles().toList()).isNotEmpty().allSatisfy(tile -> staysInRegisters(tile, compiled));
  }

  private static Stream<String> tiles() throws ClassNotFoundException {
    return Stream.of(Class.forName("io.lockstep.kernels." + TILES).getDeclaredMethods())
        .map(Method::getName)
        .filter(name -> TILE.matcher(name).matches() && vectors(name) >= LEAST_VECTORS);
  }

  /**
   * Each pass of the loop has a multiply-add for each vector of the tile; from the first to the
   * last of them no vector goes to the stack.
   */
  private static void staysInRegisters(String tile, Map<String, MachineCode> compiled) {
    assertThat(compiled).as("compiled by C2").containsKey(tile);
    MachineCode code = compiled.get(tile);
    List<Integer> multiplyAdds = code.multiplyAdds();
    assertThat(multiplyAdds).as("multiply-adds of %s", tile).isNotEmpty();
    assertThat(multiplyAdds.size() % vectors(tile)).as("incomplete passes of %s", tile).isZero();
    assertThat(code.stackMoves(multiplyAdds.getFirst(), multiplyAdds.getLast()))
        .as("vectors of %s on the stack", tile)
        .isZero();
  }

  private static int vectors(String tile) {
    Matcher sizes = TILE.matcher(tile);
    assertThat(sizes.matches()).isTrue();
    int rows = Integer.parseInt(sizes.group(1));
    int panels = Integer.parseInt(sizes.group(2));
    return rows * panels * Panels.WIDTH * Float.SIZE / VectorKernels.widestBits();
  }
}
