package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In JVMs of their own, of which one is without the instruction. */
final class HardwareFmaTest {

  @ParameterizedTest
  @CsvSource({"-XX:-UseFMA, false", "-XX:+UseSerialGC, true"})
  void jvmAndClockAgree(String option, String present) throws Exception {
    assertThat(output(option)).endsWith("present " + present + ", timed " + present);
  }

  private static String output(String option) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(option);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Ask.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** What the other JVM runs. */
  static final class Ask {

    private Ask() {}

    public static void main(String[] arguments) {
      boolean timed = !HardwareFma.slow(HardwareFma.fastestCallNanos());
      System.out.println("present " + HardwareFma.present() + ", timed " + timed);
    }
  }
}
