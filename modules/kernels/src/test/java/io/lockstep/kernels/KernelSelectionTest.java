package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lockstep.kernels.Kernels.Choice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class KernelSelectionTest {
  private static final int WIDEST = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  @Test
  void automaticChoiceIsTheWidestSimdOfTheCpu() {
    Kernels kernels = new KernelSelection(null, true, WIDEST).select(Choice.AUTO);

    assertThat(kernels.choice().bits()).isEqualTo(Math.min(512, WIDEST));
  }

  @Test
  void systemPropertyDecidesWhatIsLeftToTheMachine() {
    assertThat(new KernelSelection("vector128", true, WIDEST).select(Choice.AUTO).choice())
        .isEqualTo(Choice.VECTOR128);
    assertThat(new KernelSelection("scalar", true, WIDEST).select(Choice.AUTO).choice())
        .isEqualTo(Choice.SCALAR);
    assertThat(new KernelSelection("scalar", true, WIDEST).select(Choice.VECTOR128).choice())
        .isEqualTo(Choice.VECTOR128);
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatThrownBy(() -> Choice.parse("avx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "kernels: expected auto, scalar, vector128, vector256 or vector512 but found avx");
    assertThatThrownBy(() -> new KernelSelection("fast", true, WIDEST).select(Choice.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "system property lockstep.kernels: expected auto, scalar, vector128, vector256 or vector512 but found fast");
  }

  @Test
  void everyNameIsRead() {
    for (Choice choice : Choice.values()) {
      assertThat(Choice.parse(choice.toString())).isEqualTo(choice);
    }
  }

  @Test
  void widthThatTheCpuLacksIsRefused() {
    assertThatThrownBy(() -> new KernelSelection(null, true, 256).select(Choice.VECTOR512))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "kernels: vector512 needs 512-bit SIMD, but this CPU offers 256 bits; "
                + "use auto, scalar, vector128 or vector256");
  }

  @Test
  void vectorsWithoutTheIncubatorModuleAreRefusedWithTheRemedy() {
    assertThatThrownBy(() -> new KernelSelection(null, false, 0).select(Choice.VECTOR256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "kernels: vector256 needs the module jdk.incubator.vector; "
                + "start Java with --add-modules jdk.incubator.vector, or use auto or scalar");
  }

  @Test
  void jvmWithoutTheIncubatorModuleRunsScalarKernelsAndSaysSoOnce()
      throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SelectTwice.class.getName())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(jvm.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(output.lines().filter(line -> line.contains("WARN")).toList())
        .singleElement()
        .asString()
        .endsWith(
            "no SIMD, since the module jdk.incubator.vector is missing: start Java with "
                + "--add-modules jdk.incubator.vector; going on with slow scalar kernels");
    assertThat(output.lines().filter(line -> line.contains("INFO")).toList())
        .singleElement()
        .asString()
        .endsWith("kernels: scalar, there is no SIMD");
    assertThat(output.lines().toList().getLast()).isEqualTo("scalar scalar");
  }

  /** Run in a JVM of its own. */
  static final class SelectTwice {
    private SelectTwice() {}

    public static void main(String[] arguments) {
      Choice first = Kernels.select(Choice.AUTO).choice();
      System.out.println(first + " " + Kernels.select(Choice.AUTO).choice());
    }
  }

  @Test
  void choiceAndReasonAreLoggedOnce() {
    Logger logger = (Logger) LoggerFactory.getLogger(Kernels.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    for (int i = 0; i < 3; i++) {
      Kernels.select(Choice.SCALAR);
    }
    logger.detachAppender(appender);

    List<String> messages = appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    // Once per JVM, and another test may have been first.
    assertThat(messages).hasSizeLessThanOrEqualTo(1);
    assertThat(messages)
        .allSatisfy(message -> assertThat(message).startsWith("kernels: scalar, asked for"));
  }

  @Test
  void warmUpsEndWithinTheirLimit() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (int bits : ProductSets.vector().keySet()) {
      long start = threads.getCurrentThreadCpuTime(); // What else the machine does is not counted.
      new KernelWarmUp(VectorKernels.ofBits(bits)).run(KernelUse.ALL);
      new KernelWarmUp(VectorKernels.ofBits(bits)).runArithmetic();
      // One exercise may have begun just before the limit.
      assertThat((threads.getCurrentThreadCpuTime() - start) / 1_000_000)
          .isLessThan(2 * KernelWarmUp.LIMIT_MS + 1000);
    }
  }
}
