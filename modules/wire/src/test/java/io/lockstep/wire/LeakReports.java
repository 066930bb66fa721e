package io.lockstep.wire;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
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
    WeakReference<Object> collected = new WeakReference<>(new Object());
    for (int i = 0; i < 100 && collected.get() != null; i++) {
      System.gc();
    }
    PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
    for (int i = 0; i < 3; i++) {
      allocator.directBuffer(64).release();
    }
    return REPORTS.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
