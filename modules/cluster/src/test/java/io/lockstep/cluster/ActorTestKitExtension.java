package io.lockstep.cluster;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An actor system for the tests of one class. */
final class ActorTestKitExtension implements AfterAllCallback {

  /** Bounds hanging only. */
  private static final Config PATIENT =
      ConfigFactory.parseString("akka.actor.testkit.typed.single-expect-default = 60 s");

  private final ActorTestKit kit;

  /** Timers go by the clock. */
  ActorTestKitExtension() {
    this(ConfigFactory.load());
  }

  private ActorTestKitExtension(Config config) {
    this.kit = ActorTestKit.create(PATIENT.withFallback(config));
  }

  /** Timers go by {@link #time}. */
  static ActorTestKitExtension ofManualTime() {
    return new ActorTestKitExtension(ManualTime.config().withFallback(ConfigFactory.load()));
  }

  ActorTestKit kit() {
    return kit;
  }

  /** What has timers fire. */
  ManualTime time() {
    return ManualTime.get(kit.system());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    kit.shutdownTestKit();
  }
}
