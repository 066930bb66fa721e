package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.training.GradientFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What one side writes the other reads, through two mappings of the same memory. */
@EnabledOnOs(OS.LINUX)
class SharedSlotsTest {

  private static final int FLOATS = 37;
  private static final int BUCKETS = 1;
  private static final int SLOTS = 4 * BUCKETS;
  private static final long FIRST = 1;
  private static final long SECOND = 2;

  private final SharedSlots writer = SharedSlots.create(BUCKETS, FLOATS).orElseThrow();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(writer));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable memory : opened) {
      memory.close();
    }
  }

  private SharedSlots reader() throws IOException {
    SharedSlots reader = SharedSlots.open(writer.share(0));
    opened.add(reader);
    return reader;
  }

  private long write(float first, long readers) {
    long slot = writer.claim();
    writer.write(slot, values(first), 1, FLOATS, GradientFormat.FLOAT32);
    writer.publish(slot, readers);
    return slot;
  }

  private static float[] values(float first) {
    float[] values = new float[FLOATS + 1];
    IntStream.range(0, values.length).forEach(i -> values[i] = first + i);
    return values;
  }

  private static FloatBlock block(GradientFormat format) {
    return new FloatBlock().set(new float[FLOATS], 0, FLOATS, format);
  }

  @Test
  void aReaderGetsWhatWasWritten() throws IOException {
    SharedSlots reader = reader();
    long first = write(0, FIRST);
    long second = write(100, FIRST);
    FloatBlock block = block(GradientFormat.FLOAT32);

    assertThat(reader.holds(second, FIRST, block)).isTrue();
    reader.read(second, block);
    assertThat(block.values).startsWith(101, 102).endsWith(137);
    reader.read(first, block);
    assertThat(block.values).startsWith(1, 2).endsWith(37);
  }

  @Test
  void halfFloatsTakeHalfTheRoomAndHaveTheSameBits() throws IOException {
    SharedSlots reader = reader();
    long slot = writer.claim();
    float[] rounded = {1.5f, -0f, Float.NaN, 0x1p-126f, 255};
    writer.write(slot, rounded, 0, rounded.length, GradientFormat.BFLOAT16);
    writer.publish(slot, FIRST);
    FloatBlock block =
        new FloatBlock().set(new float[5], 0, rounded.length, GradientFormat.BFLOAT16);

    reader.read(slot, block);

    assertThat(block.values).isEqualTo(rounded);
  }

  @Test
  void aSlotIsFreeAgainWhenAllItsReadersHaveRead() throws IOException {
    SharedSlots reader = reader();
    List<Long> slots = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(write(i, FIRST | SECOND));
    }
    assertThat(slots).doesNotHaveDuplicates();
    assertThat(writer.claim()).isEqualTo(SharedSlots.NONE);

    reader.release(slots.get(2), FIRST);
    assertThat(reader.holds(slots.get(2), FIRST, block(GradientFormat.FLOAT32))).isFalse();
    assertThat(writer.claim()).isEqualTo(SharedSlots.NONE);
    reader.release(slots.get(2), SECOND);
    assertThat((int) writer.claim()).isEqualTo(slots.get(2).intValue());
    assertThat(writer.claim()).isEqualTo(SharedSlots.NONE);
  }

  @Test
  void aReaderThatIsGoneIsNotWaitedFor() throws IOException {
    SharedSlots reader = reader();
    long both = write(0, FIRST | SECOND);
    long gone = write(1, SECOND);
    long claimed = writer.claim();

    writer.forget(SECOND);

    FloatBlock block = block(GradientFormat.FLOAT32);
    assertThat(reader.holds(both, FIRST, block)).isTrue();
    assertThat(reader.holds(gone, SECOND, block)).isFalse();
    assertThat(List.of((int) writer.claim(), (int) writer.claim()))
        .contains((int) gone)
        .doesNotContain((int) claimed);
  }

  /** It may be alive all the same, and copy, when its slot is written again. */
  @Test
  void whoWasTakenForGoneBelievesNothingOfWhatItCopies() throws IOException {
    SharedSlots reader = reader();
    List<Long> slots = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(write(i, FIRST));
    }
    long ticket = slots.getFirst();
    FloatBlock block = block(GradientFormat.FLOAT32);
    assertThat(reader.holds(ticket, FIRST, block)).isTrue();

    writer.forget(FIRST);
    reader.read(ticket, block);
    assertThat(reader.release(ticket, FIRST)).as("forgotten").isFalse();

    long other = write(9, FIRST); // For a newcomer with the same number.
    assertThat((int) other).isEqualTo((int) ticket);
    assertThat(reader.holds(ticket, FIRST, block)).isFalse();
    assertThat(reader.release(ticket, FIRST)).as("another's").isFalse();
    assertThat(reader.holds(other, FIRST, block)).isTrue();
    assertThat(reader.release(other, FIRST)).isTrue();
    assertThat(reader.release(other, FIRST)).as("given back").isFalse();
  }

  @Test
  void whatWasNotWrittenForAReaderIsNotRead() throws IOException {
    SharedSlots reader = reader();
    long slot = write(0, FIRST);
    FloatBlock block = block(GradientFormat.FLOAT32);
    FloatBlock longer = new FloatBlock().set(null, 0, 1 << 10, GradientFormat.FLOAT32);

    assertThat(reader.holds(-1, FIRST, block)).isFalse();
    assertThat(reader.holds(SLOTS, FIRST, block)).isFalse();
    assertThat(reader.holds(slot, SECOND, block)).isFalse();
    assertThat(reader.holds(slot, FIRST, longer)).isFalse();
    assertThat(reader.holds(writer.claim(), FIRST, block)).as("being written").isFalse();
  }

  @Test
  void memoryThatIsNotTheOneThatWasMeantIsNotOpened() throws IOException {
    Messages.Share share = writer.share(0);
    assertThatThrownBy(
            () -> SharedSlots.open(changed(share, share.name(), share.token() + 1, SLOTS)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("found another at /proc/");
    assertThatThrownBy(
            () -> SharedSlots.open(changed(share, share.name(), share.token(), SLOTS + 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bytes, found ");
    Path file = Files.createTempFile("lockstep", "");
    assertThatThrownBy(
            () -> SharedSlots.open(changed(share, file.toString(), share.token(), SLOTS)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected shared memory of a process, found " + file);
    Files.delete(file);
  }

  private static Messages.Share changed(Messages.Share of, String name, long token, int slots) {
    return new Messages.Share(name, token, slots, of.slotBytes(), of.reader());
  }

  @Test
  void nobodyOpensItAnyMoreWhenItIsClosedToPeers() {
    Messages.Share share = writer.share(0);
    writer.closeToPeers();
    assertThatThrownBy(() -> SharedSlots.open(share)).isInstanceOf(IOException.class);
    assertThat(write(0, FIRST)).isNotEqualTo(SharedSlots.NONE);
  }

  @Test
  void largeBucketsGetFewerSlots() throws Exception {
    try (SharedSlots large = SharedSlots.create(100, 10_000_000).orElseThrow()) {
      assertThat(large.share(0).slots()).isEqualTo(2);
    }
  }
}
