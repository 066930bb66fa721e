package io.lockstep.wire;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What Netty's leak detection reports: it notices a lost buffer when the garbage collector has
 * found it and the next buffer is made.
 */
final class LeakReports {

  private static final ListAppender<ILoggingEvent> REPORTS = new ListAppender<>();

  static {
    REPORTS.start();
    Logger detector = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    detector.addAppender(REPORTS);
    detector.setAdditive(false); // What it reports ends up in an assertion.
  }

  /** The second also waits for what the first had handed over only in part. */
  private static final int COLLECTIONS = 2;

  private static final int ATTEMPTS = 50;
  private static final long ENQUEUED_MS = 200;

  private LeakReports() {}

  /** Forgets what was reported. */
  static void clear() {
    REPORTS.list.clear();
  }

  /** Collects garbage, and returns all reports so far. */
  static List<String> afterCollection() {
    if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      throw new IllegalStateException("run with -Dio.netty.leakDetection.level=paranoid");
    }
    for (int i = 0; i < COLLECTIONS; i++) {
      collect();
    }
    PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
    for (int i = 0; i < 3; i++) {
      allocator.directBuffer(64).release();
    }
    return REPORTS.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /**
   * Collects garbage until an object that was just dropped is not only found, but handed to its
   * queue: a thread of the JVM's does that later, for Netty's buffers, too.
   */
  private static void collect() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> dropped = new WeakReference<>(new Object(), queue);
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        System.gc();
        if (queue.remove(ENQUEUED_MS) == dropped) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the garbage collector did not find a dropped object");
  }
}
