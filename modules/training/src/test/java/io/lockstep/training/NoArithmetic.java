package io.lockstep.training;

import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Kernels that look into no array: every update is finite, every dot product 1. */
final class NoArithmetic {

  static final Kernels KERNELS =
      new Kernels(
          Kernels.Choice.SCALAR, null, of(Elementwise.class), null, of(Updates.class), null);

  private NoArithmetic() {}

  private static <T> T of(Class<T> kernels) {
    return kernels.cast(
        Proxy.newProxyInstance(
            kernels.getClassLoader(),
            new Class<?>[] {kernels},
            (proxy, method, arguments) -> result(method)));
  }

  private static Object result(Method method) {
    if (method.getReturnType() == boolean.class) {
      return true;
    }
    return method.getReturnType() == double.class ? 1.0 : null;
  }
}
