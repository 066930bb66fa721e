package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.trace.NodeTrace;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TracePackingTest {

  private static final NodeTrace TRACE =
      new NodeTrace("node", List.of(new NodeTrace.OfThread("thread", 1, List.of())));

  /** Why there are no bytes. */
  private static String why(Executor threads, Supplier<NodeTrace> noted) {
    return new TracePacking(threads)
        .bytes(noted)
        .handle((bytes, failure) -> TracePacking.why(failure))
        .join();
  }

  @Test
  void putsTogetherOnAThreadOfItsOwn() {
    CompletableFuture<String> thread = new CompletableFuture<>();
    byte[] bytes =
        TracePacking.ofNode("node")
            .bytes(
                () -> {
                  thread.complete(Thread.currentThread().getName());
                  return TRACE;
                })
            .join();

    assertThat(NodeTrace.of("node", bytes)).isEqualTo(TRACE);
    assertThat(thread.join()).isEqualTo("lockstep-trace-node");
  }

  /** Fewer steps help. */
  @Test
  void saysThatMemoryDoesNotSuffice() {
    String why =
        why(
            Runnable::run,
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });

    assertThat(why).isEqualTo("it does not fit in memory: trace fewer steps");
  }

  /** Fewer steps do not help. */
  @Test
  void saysThatNoThreadStarts() {
    String why =
        why(
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            () -> TRACE);

    assertThat(why).isEqualTo("no thread to put it together: unable to create native thread");
  }

  @Test
  void saysWhatElseFailed() {
    String why =
        why(
            Runnable::run,
            () -> {
              throw new IllegalStateException("expected less, found more");
            });

    assertThat(why).isEqualTo("expected less, found more");
  }
}
