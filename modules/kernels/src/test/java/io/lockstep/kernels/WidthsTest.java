package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Says which vector widths this machine tests: those its CPU lacks are not tested by anything. */
class WidthsTest {

  @Test
  void vectorWidthsOfThisCpuAreReported(TestReporter reporter) {
    List<Integer> tested = KernelSets.vector().stream().map(set -> set.choice().bits()).toList();
    List<Integer> lacking =
        KernelSets.WIDTHS.stream().filter(bits -> !tested.contains(bits)).toList();
    reporter.publishEntry("vector widths tested", tested.toString());
    reporter.publishEntry("vector widths that this CPU lacks, not tested", lacking.toString());
    assertThat(tested).as("every CPU that Lockstep supports has vectors of 128 bits").contains(128);
  }
}
