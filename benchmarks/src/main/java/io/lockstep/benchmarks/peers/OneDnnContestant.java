package io.lockstep.benchmarks.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lockstep.benchmarks.MatrixProduct;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The same matrix products by oneDNN's {@code dnnl_sgemm}, on the row-major matrices that its users
 * have: X [rows][in], W [out][in], dY [rows][out]. It is called directly, which costs some
 * nanoseconds and needs no compiler.
 *
 * <p>Requests: a product as {@link MatrixProduct#words} says it, then seconds, in GFLOP/s.
 */
public final class OneDnnContestant {

  private static final FunctionDescriptor SGEMM =
      FunctionDescriptor.of(
          JAVA_INT, // status
          JAVA_BYTE, // whether A is transposed
          JAVA_BYTE, // whether B is
          JAVA_LONG, // rows of C
          JAVA_LONG, // columns of C
          JAVA_LONG, // depth
          JAVA_FLOAT, // alpha
          ADDRESS, // A
          JAVA_LONG, // its leading dimension
          ADDRESS,
          JAVA_LONG,
          JAVA_FLOAT, // beta
          ADDRESS,
          JAVA_LONG);

  private static final long ALIGNMENT = 64;

  private final MethodHandle sgemm;

  private OneDnnContestant(Path library) {
    this.sgemm =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow("dnnl_sgemm"),
                SGEMM);
  }

  /**
   * Serves until its input ends.
   *
   * @param arguments the library
   */
  public static void main(String[] arguments) throws Exception {
    OneDnnContestant oneDnn = new OneDnnContestant(Path.of(arguments[0]));
    Serving.serve("ready", oneDnn::answer);
  }

  private double answer(String[] words) {
    MatrixProduct product = MatrixProduct.parse(words);
    try (Arena arena = Arena.ofConfined()) {
      Call call = call(arena, product);
      call.run();
      call.check();
      double each = Serving.secondsOf(call, Double.parseDouble(words[words.length - 1]));
      return 1e-9 * product.operations() / each;
    }
  }

  private Call call(Arena arena, MatrixProduct p) {
    return switch (p.kind()) {
      case FORWARD -> new Call(arena, 'N', 'T', p.rows(), p.out(), p.in());
      case WEIGHTS -> new Call(arena, 'T', 'N', p.out(), p.in(), p.rows());
      case INPUTS -> new Call(arena, 'N', 'N', p.rows(), p.in(), p.out());
    };
  }

  /** C = op(A)·op(B), with m by n results over depth k. */
  private final class Call implements Runnable {
    private final char transposeA;
    private final char transposeB;
    private final long m;
    private final long n;
    private final long k;
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;

    Call(Arena arena, char transposeA, char transposeB, long m, long n, long k) {
      this.transposeA = transposeA;
      this.transposeB = transposeB;
      this.m = m;
      this.n = n;
      this.k = k;
      this.a = ones(arena, m * k);
      this.b = ones(arena, k * n);
      this.c = ones(arena, m * n);
    }

    private static MemorySegment ones(Arena arena, long length) {
      MemorySegment segment = arena.allocate(length * Float.BYTES, ALIGNMENT);
      for (long i = 0; i < length; i++) {
        segment.setAtIndex(JAVA_FLOAT, i, 1f);
      }
      return segment;
    }

    @Override
    public void run() {
      long lda = transposeA == 'T' ? m : k;
      long ldb = transposeB == 'T' ? k : n;
      try {
        int status =
            (int)
                sgemm.invokeExact(
                    (byte) transposeA, (byte) transposeB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
        if (status != 0) {
          throw new IllegalStateException("dnnl_sgemm: status " + status);
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("dnnl_sgemm cannot be called", e);
      }
    }

    /** A sum of k ones, in the first and the last element. */
    void check() {
      for (long i : new long[] {0, m * n - 1}) {
        if (c.getAtIndex(JAVA_FLOAT, i) != k) {
          throw new IllegalStateException(
              "dnnl_sgemm: expected %d but found %s".formatted(k, c.getAtIndex(JAVA_FLOAT, i)));
        }
      }
    }
  }
}
