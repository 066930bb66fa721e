package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatasetCatalogTest {

  private static final DatasetCatalog CATALOG = DatasetCatalog.standard();

  @Test
  void knowsItsDataSets() {
    assertThat(CATALOG.names()).containsExactly("digits", "mnist");
    DatasetSource mnist = CATALOG.source("mnist");
    assertThat(mnist.trainRows()).isEqualTo(60_000);
    assertThat(mnist.testRows()).isEqualTo(10_000);
    assertThat(CATALOG.sources())
        .allSatisfy(source -> assertThat(source.description()).contains("28x28"));
  }

  @Test
  void namesTheNearestKnownName() {
    assertThatThrownBy(() -> CATALOG.source("digit"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "data.name: unknown data set 'digit', expected one of: digits, mnist; did you mean 'digits'?");
    assertThatThrownBy(() -> CATALOG.source("MNIST")).hasMessageEndingWith("did you mean 'mnist'?");
    assertThatThrownBy(() -> CATALOG.source("imagenet"))
        .hasMessage("data.name: unknown data set 'imagenet', expected one of: digits, mnist");
  }
}
