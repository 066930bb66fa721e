package io.lockstep.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.benchmarks.MatrixProduct.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BenchmarkNetworkTest {

  @Test
  void hasNoInputGradientOfItsFirstLayer() {
    assertEquals(
        List.of(
            new MatrixProduct(Kind.FORWARD, 64, 784, 128),
            new MatrixProduct(Kind.WEIGHTS, 64, 784, 128),
            new MatrixProduct(Kind.FORWARD, 64, 128, 10),
            new MatrixProduct(Kind.WEIGHTS, 64, 128, 10),
            new MatrixProduct(Kind.INPUTS, 64, 128, 10)),
        BenchmarkNetwork.W1.products());
  }

  /** 2·784·128·2 + 2·128·10·3. */
  @Test
  void countsTheOperationsOfARow() {
    assertEquals(409_088, BenchmarkNetwork.W1.operationsPerRow());
  }

  @Test
  void saysProductsAsItReadsThem() {
    for (MatrixProduct product : BenchmarkNetwork.W3.products()) {
      assertEquals(product, MatrixProduct.parse((product.words() + " 0.1").split(" ")));
    }
  }
}
