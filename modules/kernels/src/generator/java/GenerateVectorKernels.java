import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the SIMD kernels that nobody should write by hand. Run by Maven before compilation as
 * {@code java GenerateVectorKernels.java SOURCES OUTPUT}.
 *
 * <p>A species must be a {@code static final} constant for the compiler to turn vectors into
 * registers, so each vector width needs classes of its own. Of every {@code Vector512*.java} among
 * the kernels' sources the copies {@code Vector256*.java} and {@code Vector128*.java} are derived:
 * each number {@code 512}, also within a name, becomes {@code 256} or {@code 128}. So a source must
 * not write 512 for anything but the width.
 *
 * <p>The register tiles, which differ between widths by more than a number, are written by {@link
 * VectorTiles}.
 *
 * <p>Files that would not change are left alone, so that an incremental build stays one.
 */
final class GenerateVectorKernels {
  private static final String KERNELS = "io/lockstep/kernels";

  private GenerateVectorKernels() {}

  public static void main(String[] arguments) throws IOException {
    Path sources = Path.of(arguments[0]).resolve(KERNELS);
    Path output = Path.of(arguments[1]).resolve(KERNELS);
    Files.createDirectories(output);
    for (int bits : new int[] {512, 256, 128}) {
      write(output.resolve("Vector" + bits + "Tiles.java"), new VectorTiles(bits).write());
    }
    for (Path source : widestSources(sources)) {
      for (int bits : new int[] {256, 128}) {
        String name = ofWidth(source.getFileName().toString(), bits);
        write(output.resolve(name), derived(source, bits));
      }
    }
  }

  private static List<Path> widestSources(Path sources) throws IOException {
    try (Stream<Path> files = Files.list(sources)) {
      return files
          .filter(file -> file.getFileName().toString().matches("Vector512.*\\.java"))
          .sorted()
          .toList();
    }
  }

  private static String derived(Path source, int bits) throws IOException {
    String header =
        "// Generated from "
            + source.getFileName()
            + " by GenerateVectorKernels: change that file.\n";
    return header + ofWidth(Files.readString(source), bits);
  }

  private static String ofWidth(String text, int bits) {
    return text.replaceAll("(?<![0-9])512(?![0-9])", Integer.toString(bits));
  }

  private static void write(Path file, String text) throws IOException {
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }
}
