package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Arithmetic;
import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Kernels.Choice;
import io.lockstep.kernels.Losses;
import io.lockstep.kernels.Products;
import io.lockstep.kernels.Updates;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.Layer;
import io.lockstep.optim.Clipped;
import io.lockstep.optim.Lasso;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.NormClipped;
import io.lockstep.optim.Optimizer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NumericsRevisionTest {

  private static final String RENEWAL =
      "The arithmetic of training has changed: nodes and checkpoints of earlier versions will not fit"
          + " this one. If that is meant, write the found revision into modules/training/src/main/"
          + "resources/io/lockstep/training/"
          + NumericsRevision.RESOURCE
          + " and say so in the commit; if not, undo what changed the bits.";

  @ParameterizedTest
  @MethodSource("kernelSets")
  void everyKernelSetComputesTheExpectedRevision(Kernels kernels) {
    assertThat(NumericsRevision.compute(kernels))
        .as(RENEWAL)
        .isEqualTo(NumericsRevision.expected());
  }

  @Test
  void expectedRevisionIsSixteenHexDigits() {
    assertThat(NumericsRevision.expected()).matches("[0-9a-f]{16}");
  }

  /** But for the softmax of predictions, and for rounding, of which there is one result. */
  @Test
  void reachesEveryKernel() {
    Set<String> called = new TreeSet<>();
    NumericsRevision.compute(
        watched(
            scalar(),
            (kernel, method, arguments) -> {
              called.add(method.getName());
              return method.invoke(kernel, arguments);
            }));

    Set<String> expected =
        kernelTypes().flatMap(type -> names(type)).collect(Collectors.toCollection(TreeSet::new));
    expected.removeAll(Set.of("softmax", "roundToBfloat16"));
    assertThat(called).containsAll(expected);
  }

  @ParameterizedTest
  @CsvSource({"sgd, 1", "affine, 1"})
  void oneBitInOneKernelChangesTheRevision(String kernelName, int argument) {
    Watch lastBit =
        (kernel, method, arguments) -> {
          if (method.getName().equals(kernelName)) {
            arguments[argument] = Math.nextUp((float) arguments[argument]);
          }
          return method.invoke(kernel, arguments);
        };

    assertThat(NumericsRevision.compute(watched(scalar(), lastBit)))
        .isNotEqualTo(NumericsRevision.expected());
  }

  @Test
  void coversEveryActivationInitializerFamilyOptimizerAndSchedule() {
    List<ReferenceTraining> all = ReferenceTraining.all();
    List<Layer.Dense> layers =
        all.stream()
            .flatMap(training -> training.network().layers().stream())
            .filter(Layer.Dense.class::isInstance)
            .map(Layer.Dense.class::cast)
            .toList();

    assertThat(layers).extracting(Layer.Dense::activation).contains(Activation.values());
    assertThat(layers).extracting(Layer.Dense::initializer).contains(Initializer.values());
    assertThat(all)
        .extracting(training -> training.network().family().name())
        .contains(
            "categorical",
            "gaussian",
            "squared-error",
            "negative-binomial",
            "gamma",
            "bernoulli",
            "poisson",
            "exponential",
            "one-hot-squared-error");
    assertThat(all)
        .flatExtracting(training -> training.network().layers())
        .extracting(Layer::kind)
        .contains("dropout", "residual", "batchNorm", "layerNorm", "embedding", "shape");
    assertThat(all)
        .<Class<?>>flatExtracting(training -> kinds(training.optimizer()))
        .contains(Optimizer.class.getPermittedSubclasses());
    assertThat(all)
        .<Class<?>>extracting(training -> training.schedule().getClass())
        .contains(exceptCosine(LearningRateSchedule.class.getPermittedSubclasses()));
  }

  /** The class of an optimizer, and of the one inside it. */
  private static List<Class<?>> kinds(Optimizer optimizer) {
    return switch (optimizer) {
      case Lasso(Optimizer inner, double lasso) -> with(Lasso.class, kinds(inner));
      case Clipped(Optimizer inner, double limit) -> with(Clipped.class, kinds(inner));
      case NormClipped(Optimizer inner, double limit) -> with(NormClipped.class, kinds(inner));
      default -> List.of(optimizer.getClass());
    };
  }

  private static List<Class<?>> with(Class<?> kind, List<Class<?>> kinds) {
    return Stream.concat(Stream.of(kind), kinds.stream()).toList();
  }

  /** Cosine runs inside of the warm-up. */
  private static Class<?>[] exceptCosine(Class<?>[] schedules) {
    return Arrays.stream(schedules)
        .filter(schedule -> schedule != LearningRateSchedule.Cosine.class)
        .toArray(Class<?>[]::new);
  }

  private static List<Kernels> kernelSets() {
    Choice widest = Kernels.select(Choice.AUTO).choice();
    return Stream.of(Choice.values())
        .filter(choice -> choice != Choice.AUTO && choice.compareTo(widest) <= 0)
        .map(Kernels::select)
        .toList();
  }

  private static Kernels scalar() {
    return Kernels.select(Choice.SCALAR);
  }

  private static Stream<Class<?>> kernelTypes() {
    return Arrays.stream(Kernels.class.getRecordComponents())
        .<Class<?>>map(component -> component.getType())
        .filter(Class::isInterface);
  }

  private static Stream<String> names(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods()).map(Method::getName);
  }

  /** Sees each call of a kernel, and makes it. */
  private interface Watch {
    Object invoke(Object kernel, Method method, Object[] arguments) throws Exception;
  }

  private static Kernels watched(Kernels kernels, Watch handler) {
    return new Kernels(
        kernels.choice(),
        watched(Products.class, kernels.products(), handler),
        watched(Elementwise.class, kernels.elementwise(), handler),
        watched(Losses.class, kernels.losses(), handler),
        watched(Updates.class, kernels.updates(), handler),
        watched(Arithmetic.class, kernels.arithmetic(), handler));
  }

  private static <T> T watched(Class<T> type, T kernel, Watch handler) {
    InvocationHandler each =
        (proxy, method, arguments) -> handler.invoke(kernel, method, arguments);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, each));
  }
}
