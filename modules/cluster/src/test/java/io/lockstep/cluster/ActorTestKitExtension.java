package io.lockstep.cluster;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An actor system for the tests of one class. */
final class ActorTestKitExtension implements AfterAllCallback {

  private final ActorTestKit kit = ActorTestKit.create();

  ActorTestKit kit() {
    return kit;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    kit.shutdownTestKit();
  }
}
