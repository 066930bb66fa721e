package io.lockstep.kernels;

/**
 * The JDK's module with the Vector API.
 *
 * <p>It is there from the start if the JVM was started with {@code --add-modules
 * jdk.incubator.vector}. But with an incubator module in its boot layer a JDK 25 neither links the
 * classes of an ahead-of-time cache nor takes over its profiles, which together are a second of a
 * start. So {@code bin/lockstep} leaves it out where it has such a cache, and opens the JDK's own
 * way of adding a system module later instead, by {@code --add-exports
 * java.base/jdk.internal.module=ALL-UNNAMED}.
 */
final class VectorModule {

  static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Whether the module is there, which it may be since this call. */
  static boolean isThere() {
    return ModuleLayer.boot().findModule(NAME).isPresent() || isAdded();
  }

  /** Reflective, since {@code --release} hides the class; without the export it is refused. */
  private static boolean isAdded() {
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return true;
    } catch (ReflectiveOperationException notOpened) {
      return false;
    }
  }
}
