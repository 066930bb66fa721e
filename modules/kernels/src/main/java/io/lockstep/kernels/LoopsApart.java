package io.lockstep.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Loops over vectors that the JIT compiler compiles each on its own, never as a part of their
 * callers.
 *
 * <p>A loop that calls methods of ours with vectors must be compiled alone: past the 18,000th node
 * of what it compiles as one, the compiler inlines nothing but the JDK's methods, and a vector that
 * goes to or comes from a method that is not inlined is put on the heap, for as long as the program
 * runs. The backward pass of a layer can have that many. Whether the compiler inlines a loop that
 * is called through an interface depends on what it has seen called there: up to two
 * implementations, or one in nine calls of ten, and it inlines them; and when it looks depends on
 * how busy the machine is. It never inlines through a method handle that is no constant, and what
 * comes from an object that is no constant either, as these do, is none.
 */
final class LoopsApart {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private LoopsApart() {}

  /** A loop y = f(x). */
  interface Map {
    void apply(float[] x, int xAt, float[] y, int yAt, int length);
  }

  /** A loop dZ = dA · h'(x). */
  interface Gradient {
    void apply(float[] x, int xAt, float[] dA, int dAAt, float[] dZ, int dZAt, int length);
  }

  /** A loop p = exp(η − max) over the classes of a row. */
  interface Exponentials {
    void apply(int rows, int classes, float[] eta, int at, float max, float[] p, int pAt);
  }

  static Map apart(Map loop) {
    MethodHandle apply =
        handle(Map.class, loop, float[].class, int.class, float[].class, int.class, int.class);
    return (x, xAt, y, yAt, length) -> {
      try {
        apply.invokeExact(x, xAt, y, yAt, length);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    };
  }

  static Gradient apart(Gradient loop) {
    MethodHandle apply =
        handle(
            Gradient.class,
            loop,
            float[].class,
            int.class,
            float[].class,
            int.class,
            float[].class,
            int.class,
            int.class);
    return (x, xAt, dA, dAAt, dZ, dZAt, length) -> {
      try {
        apply.invokeExact(x, xAt, dA, dAAt, dZ, dZAt, length);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    };
  }

  static Exponentials apart(Exponentials loop) {
    MethodHandle apply =
        handle(
            Exponentials.class,
            loop,
            int.class,
            int.class,
            float[].class,
            int.class,
            float.class,
            float[].class,
            int.class);
    return (rows, classes, eta, at, max, p, pAt) -> {
      try {
        apply.invokeExact(rows, classes, eta, at, max, p, pAt);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    };
  }

  private static MethodHandle handle(Class<?> type, Object loop, Class<?>... parameters) {
    try {
      return LOOKUP
          .findVirtual(type, "apply", MethodType.methodType(void.class, parameters))
          .bindTo(loop);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The loops throw no checked exception. */
  private static RuntimeException unchecked(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return (RuntimeException) e;
  }
}
