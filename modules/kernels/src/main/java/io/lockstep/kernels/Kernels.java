package io.lockstep.kernels;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One set of kernels, scalar or SIMD of one width; stateless and thread-safe. All sets give the
 * same bits.
 *
 * @param choice which set this is, never {@link Choice#AUTO}
 * @param products matrix products
 * @param elementwise elementwise operations
 * @param losses losses and softmax
 * @param updates optimizer updates
 * @param arithmetic arithmetic of composed graphs
 */
public record Kernels(
    Choice choice,
    Products products,
    Elementwise elementwise,
    Losses losses,
    Updates updates,
    Arithmetic arithmetic) {

  /**
   * The set of kernels for {@code choice}. {@link Choice#AUTO} takes what the system property
   * {@value KernelSelection#PROPERTY} names, else the widest SIMD of the CPU, else scalar. What was
   * taken, and why, is logged once.
   *
   * @throws IllegalArgumentException if the CPU or this JVM lacks what is asked for, or the
   *     property's value is unknown
   */
  public static Kernels select(Choice choice) {
    return choice == Choice.SCALAR
        ? KernelSelection.WITHOUT_SIMD.select(choice)
        : KernelSelection.ofThisMachine().select(choice);
  }

  /** Whether this JVM has the module that SIMD needs, {@value VectorModule#NAME}. */
  public static boolean canHaveSimd() {
    return VectorModule.isThere();
  }

  /**
   * What this JVM has compiled, or is about to: a fact about its code cache, and no setting.
   *
   * @param uses for which it was begun
   * @param done never exceptionally
   */
  private record WarmUps(Set<KernelUse> uses, CompletableFuture<Void> done) {

    static final WarmUps NONE = new WarmUps(Set.of(), CompletableFuture.completedFuture(null));

    WarmUps and(KernelUse use, Runnable warmUp) {
      if (uses.contains(use) || uses.contains(KernelUse.ALL)) {
        return this;
      }
      Set<KernelUse> all = new HashSet<>(uses);
      all.add(use);
      return new WarmUps(
          all, done.thenRunAsync(warmUp, WarmUps::start).exceptionally(WarmUps::goOn));
    }

    private static void start(Runnable task) {
      Thread.ofPlatform().name("lockstep-warm-up").daemon().start(task);
    }

    private static Void goOn(Throwable failure) {
      LOG.warn("kernels could not be compiled beforehand, so that training begins slowly", failure);
      return null;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
  private static final ConcurrentMap<Choice, WarmUps> WARM = new ConcurrentHashMap<>();
  private static final Set<Choice> WARM_ARITHMETIC = ConcurrentHashMap.newKeySet();

  /**
   * Begins to run the kernels of {@code use} on small arrays until the JIT compiler has compiled
   * them, on a thread of its own: vector code is a thousand times slower before. The second time in
   * a JVM nothing happens.
   */
  public void beginWarmUp(KernelUse use) {
    WARM.compute(
        choice,
        (set, begun) ->
            (begun == null ? WarmUps.NONE : begun).and(use, () -> new KernelWarmUp(this).run(use)));
  }

  /**
   * Waits until what {@link #beginWarmUp} has begun is compiled, or all kernels but {@link
   * Arithmetic} where it has begun nothing, though for each no longer than {@link
   * KernelWarmUp#LIMIT_MS} milliseconds after its begin. The second time in a JVM it returns at
   * once.
   */
  public void warmUp() {
    if (!WARM.containsKey(choice)) {
      beginWarmUp(KernelUse.ALL);
    }
    WARM.get(choice).done().join();
  }

  /** As {@link #warmUp}, of {@link Arithmetic}, which only composed graphs need. */
  public void warmUpArithmetic() {
    if (WARM_ARITHMETIC.add(choice)) {
      new KernelWarmUp(this).runArithmetic();
    }
  }

  /**
   * The sets that can be asked for, by configuration key {@code kernels} or system property {@code
   * lockstep.kernels}.
   */
  public enum Choice {
    AUTO(0),
    SCALAR(0),
    VECTOR128(128),
    VECTOR256(256),
    VECTOR512(512);

    private final int bits;

    Choice(int bits) {
      this.bits = bits;
    }

    /** The choice that {@code text} names: auto, scalar, vector128, vector256 or vector512. */
    public static Choice parse(String text) {
      return parse("kernels", text);
    }

    static Choice parse(String key, String text) {
      for (Choice choice : values()) {
        if (choice.toString().equals(text)) {
          return choice;
        }
      }
      throw new IllegalArgumentException(
          "%s: expected %s but found %s".formatted(key, oneOf(Arrays.asList(values())), text));
    }

    /** "a, b or c". */
    static String oneOf(java.util.List<Choice> choices) {
      String list = choices.stream().map(Choice::toString).collect(Collectors.joining(", "));
      return list.replaceFirst(", ([^,]*)$", " or $1");
    }

    /** Width of the vectors, 0 where there are none or it is yet to be found. */
    int bits() {
      return bits;
    }

    /** The name in configurations. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
