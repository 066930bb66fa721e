package io.lockstep.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpareCoresTest {

  /** A simulation of 65,536 nodes is more than a heap of 8 GB holds twice. */
  @ParameterizedTest
  @CsvSource({
    "2, 8_000_000_000, 64, 1",
    "8, 8_000_000_000, 64, 7",
    "8, 8_000_000_000, 1024, 6",
    "8, 8_000_000_000, 65536, 0",
    "1, 8_000_000_000, 1, 0",
    "4, 10_000, 1, 0"
  })
  void thereIsRoomForEachSimulation(int cores, String heapBytes, int mostNodes, int others) {
    long heap = Long.parseLong(heapBytes.replace("_", ""));

    assertThat(SpareCores.count(cores, heap, mostNodes)).isEqualTo(others);
  }
}
