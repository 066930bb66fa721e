package io.lockstep.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.benchmarks.BenchmarkNetwork;
import org.junit.jupiter.api.Test;

final class ProductsPartTest {

  /**
   * The samples/s that oneDNN 3.13 allows W2, computed by other software from the GFLOP/s of its
   * eight products, rounded to hundreds: 65.4 thousand.
   */
  @Test
  void boundsAStepByItsProducts() {
    double[] rates = {146.9, 166.8, 145.2, 172.3, 170.7, 73.5, 110.9, 135.9};
    double bound =
        ProductsPart.bound(
            BenchmarkNetwork.W2, p -> rates[BenchmarkNetwork.W2.products().indexOf(p)]);
    assertEquals(65.4e3, bound, 50);
  }
}
