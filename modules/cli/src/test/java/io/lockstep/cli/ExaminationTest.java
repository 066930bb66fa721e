package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.cli.Finding.Level;
import io.lockstep.data.DataEnvironment;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DownloadLimits;
import io.lockstep.data.DownloadProgress;
import io.lockstep.kernels.Kernels.Choice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExaminationTest {

  @TempDir private Path home;

  @Test
  void saysWhichSimdAndWhy() {
    assertThat(Examination.simd(Choice.VECTOR256, null, true))
        .isEqualTo(Finding.ok("SIMD", "vector256, the widest of this CPU"));
    assertThat(Examination.simd(Choice.VECTOR128, "vector128", true).found())
        .isEqualTo("vector128, asked for by system property lockstep.kernels");
    assertThat(Examination.simd(Choice.SCALAR, "scalar", true).level()).isEqualTo(Level.WARN);
    assertThat(Examination.simd(Choice.SCALAR, null, false).remedy())
        .isEqualTo("start Java with --add-modules jdk.incubator.vector, as bin/lockstep does");
  }

  @Test
  void failsOnAnOldJdkAndWarnsOfASmallHeap() {
    assertThat(Examination.jdk(24, "24").level()).isEqualTo(Level.FAIL);
    assertThat(Examination.jdk(25, "25").level()).isEqualTo(Level.OK);
    assertThat(Examination.memory(100 << 20, 0).level()).isEqualTo(Level.WARN);
    assertThat(Examination.memory(2L << 30, 8L << 30).found())
        .isEqualTo("heap up to 2.1 GB of 8.6 GB");
  }

  @Test
  void failsOnOtherNumericsAndNamesBothRevisions() {
    assertThat(Examination.numerics("0123456789abcdef", "0123456789abcdef"))
        .isEqualTo(Finding.ok("numerics", "0123456789abcdef, as expected"));
    Finding other = Examination.numerics("0123456789abcdef", "fedcba9876543210");
    assertThat(other.level()).isEqualTo(Level.FAIL);
    assertThat(other.found()).contains("expected 0123456789abcdef", "computes fedcba9876543210");
    assertThat(other.remedy()).contains("JDK", "lockstep.kernels=scalar");
  }

  @Test
  void warnsOfMissingFusedMultiplyAddWithTheRemedy() {
    assertThat(Examination.fma(true).level()).isEqualTo(Level.OK);
    assertThat(Examination.fma(false).level()).isEqualTo(Level.WARN);
    assertThat(Examination.fma(false).remedy()).contains("-XX:-UseFMA");
  }

  @Test
  void looksAtNumericsAndFusedMultiplyAddOfThisMachine() {
    assertThat(new Examination(home).findings())
        .extracting(Finding::topic)
        .contains("FMA", "numerics");
  }

  @Test
  void warnsOfMissingDataWithTheRemedy() {
    DataEnvironment nothing =
        new DataEnvironment(Map.of("LOCKSTEP_DATA", "/nowhere/at/all"), home, "Linux");
    List<Finding> findings =
        Examination.data(
            new DataRequest(null, nothing, false, DownloadLimits.DEFAULT, DownloadProgress.SILENT));
    assertThat(findings.getFirst().found())
        .isEqualTo("LOCKSTEP_DATA is /nowhere/at/all, which is no folder");
    assertThat(findings)
        .anyMatch(
            f -> f.level() == Level.WARN && f.remedy().equals("lockstep data mnist fetches it"))
        .anyMatch(f -> f.level() == Level.OK && f.found().startsWith("digits:"));
  }

  @Test
  void putsTheRemedyOnALineOfItsOwn() {
    assertThat(Finding.warn("data", "none", "fetch it").lines())
        .containsExactly("warn  data     none", "               fetch it");
    assertThat(Finding.ok("CPU", "2 cores").lines()).containsExactly("ok    CPU      2 cores");
  }
}
