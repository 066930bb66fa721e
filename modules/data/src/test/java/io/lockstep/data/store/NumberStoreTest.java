package io.lockstep.data.store;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.DataException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberStoreTest {

  /** Beyond what a writer holds back, and no multiple of it. */
  private static final int COUNT = 5003;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void keepsWhatWasWrittenAfterItIsClosed(long heapBytes) {
    MemorySegment floats;
    MemorySegment ints;
    MemorySegment doubles;
    MemorySegment longs;
    try (NumberStore store = new Storage(heapBytes, folder).open("t", COUNT * 24L)) {
      NumberWriter floatWriter = store.floats(COUNT);
      NumberWriter intWriter = store.ints(COUNT);
      NumberWriter doubleWriter = store.doubles(COUNT);
      NumberWriter longWriter = store.longs(COUNT);
      for (int i = 0; i < COUNT; i++) {
        floatWriter.putFloat(i / 3f);
        intWriter.putInt(-i);
        doubleWriter.putDouble(i / 7.0);
        longWriter.putLong((long) i << 40);
      }
      floats = floatWriter.finish();
      ints = intWriter.finish();
      doubles = doubleWriter.finish();
      longs = longWriter.finish();
    }
    assertThat(folder).isEmptyDirectory();
    assertThat(floats.isMapped()).isEqualTo(heapBytes == 0);
    assertThat(floats.byteSize()).isEqualTo(COUNT * 4L);
    for (int i = 0; i < COUNT; i++) {
      assertThat(floats.getAtIndex(JAVA_FLOAT, i)).isEqualTo(i / 3f);
      assertThat(ints.getAtIndex(JAVA_INT, i)).isEqualTo(-i);
      assertThat(doubles.getAtIndex(JAVA_DOUBLE, i)).isEqualTo(i / 7.0);
      assertThat(longs.getAtIndex(JAVA_LONG, i)).isEqualTo((long) i << 40);
    }
  }

  @Test
  void takesTheHeapUpToItsSize() {
    Storage storage = new Storage(400, folder);
    try (NumberStore fits = storage.open("t", 400);
        NumberStore doesNot = storage.open("t", 401)) {
      assertThat(written(fits).heapBase()).containsInstanceOf(float[].class);
      assertThat(written(doesNot).isMapped()).isTrue();
    }
  }

  private static MemorySegment written(NumberStore store) {
    NumberWriter one = store.floats(1);
    one.putFloat(1);
    return one.finish();
  }

  @Test
  void neverTakesMoreThanAnArrayHolds() {
    assertThat(new Storage(Long.MAX_VALUE, folder).heapBytes() / Float.BYTES)
        .isLessThan(Integer.MAX_VALUE);
    assertThat(Storage.automatic().heapBytes()).isPositive();
  }

  @Test
  void refusesAFolderWithoutRoom() {
    ScratchFile.requireFree(folder, "big.csv", 300L << 20, 300L << 20);
    assertThatThrownBy(() -> new Storage(0, folder).open("big.csv", Long.MAX_VALUE))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "big.csv: its numbers need a scratch file of 8796093022207 MB, but "
                + folder
                + " has room for ")
        .hasMessageEndingWith(
            " MB; -Djava.io.tmpdir=FOLDER in LOCKSTEP_JAVA_OPTS names another folder, and factors of many levels make many columns");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> new Storage(0, none).open("big.csv", 8))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "big.csv: its numbers need a scratch file, but in %s there can be none: %s; -Djava.io.tmpdir=FOLDER in LOCKSTEP_JAVA_OPTS names another folder"
                .formatted(none, none));
  }
}
