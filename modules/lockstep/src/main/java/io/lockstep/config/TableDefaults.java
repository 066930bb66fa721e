package io.lockstep.config;

import io.lockstep.data.DataRequest;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.data.formula.Formula;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a model on a table is fitted where its user does not say.
 *
 * <p>Without hidden layers and embeddings the coefficients of maximum likelihood are wanted: all
 * rows are learned from, all in one batch, by L-BFGS.
 *
 * <p>A user who asks for smaller batches, L1, clipping or another optimizer cannot have L-BFGS, and
 * gets that optimizer, or else Adam, with a learning rate that ends at 0. Adam's steps have the
 * length of the learning rate whatever the loss is measured in, so a Gaussian response, whose mean
 * is the linear predictor itself, asks for a rate in its own units; of all other families the
 * linear predictor is a logarithm or a logit. The mean gradient of counts is huge as long as all
 * means are 1: it is clipped, so that Adam does not remember it for long.
 *
 * <p>With hidden layers or embeddings a tenth of the rows, drawn at random since tables are often
 * sorted, decides which epoch's weights are the result.
 *
 * <p>A response of two texts may be bernoulli with its usual link, as in R, where the first one is
 * 0. It is fitted as two classes, which is the same model: their softmax is the logistic function
 * of the difference of their predictors.
 *
 * @param overrides keys and their values, to come before all that the user gives
 * @param instead keys that stand for what the user gives
 */
public record TableDefaults(Overrides overrides, Overrides instead) {

  private static final Logger LOG = LoggerFactory.getLogger(TableDefaults.class);

  private static final String PLACE = "the defaults for tables";
  private static final String FAMILY = "network.output.family";

  private static final Overrides AS_CLASSES =
      Overrides.NONE
          .with(FAMILY, "categorical", PLACE)
          .with("network.output.link", Section.AUTO, PLACE);

  /** Families whose linear predictor is the logarithm of the mean. */
  private static final Set<String> LOGARITHMIC =
      Set.of("poisson", "negative-binomial", "gamma", "exponential");

  /** What L-BFGS does not do, or not in the same way. */
  private static final List<String> WITHOUT_LBFGS =
      List.of(
          "train.batch",
          "optimizer.name",
          "optimizer.learningRate",
          "optimizer.l1",
          "optimizer.clipValue",
          "optimizer.clipNorm");

  /**
   * Most fits have converged after a few dozen steps. Columns that are nearly combinations of
   * others, as those of interactions are, take more steps, and fewer with more pairs.
   */
  private static final int LBFGS_EPOCHS = 400;

  private static final int LBFGS_MEMORY = 20;

  private static final int BATCH = 64;
  private static final int STEPS = 4000;
  private static final int LEAST_EPOCHS = 10;

  /**
   * Reads the table for what depends on it.
   *
   * @param bare what the user gives
   * @throws io.lockstep.data.DataException if file or formula cannot be used
   */
  public static TableDefaults of(Configuration bare, DataRequest request) {
    DataSettings data = bare.data();
    EncodedTable rows = data.table().toSource().encode(data.placed(request));
    boolean logistic = isLogistic(bare, rows);
    String family =
        !bare.placeOf(FAMILY).equals("default") && !logistic
            ? bare.network().output().family()
            : Choices.nameOf(!rows.classNames().isEmpty() ? Family.CATEGORICAL : Family.GAUSSIAN);
    Overrides instead = logistic ? AS_CLASSES : Overrides.NONE;
    Overrides all = with(Overrides.NONE, FAMILY, family);
    boolean linear = bare.network().layers().isEmpty() && data.table().embeddings().isEmpty();
    if (!linear) {
      warnOfLargeResponse(data, family, rows);
      all = network(all, family, rows);
      return new TableDefaults(isLbfgs(bare) ? wholeNetwork(all, rows) : all, instead);
    }
    all = with(with(all, "data.validation", 0), "train.batch", rows.rows());
    boolean smooth =
        isLbfgs(bare) || WITHOUT_LBFGS.stream().map(bare::placeOf).allMatch("default"::equals);
    return new TableDefaults(smooth ? whole(all) : linear(all, family, rows), instead);
  }

  private static boolean isLbfgs(Configuration bare) {
    return bare.optimizer().name() == OptimizerSettings.Name.LBFGS;
  }

  /** L-BFGS asked for, in place of the usual small batches. */
  private static Overrides wholeNetwork(Overrides base, EncodedTable rows) {
    Overrides all = with(base, "optimizer.clipValue", 0);
    return with(with(all, "train.batch", rows.rows()), "train.epochs", LBFGS_EPOCHS);
  }

  private static boolean isLogistic(Configuration bare, EncodedTable rows) {
    Map<String, Object> output = bare.network().output().toMap();
    return rows.classNames().size() == 2
        && !rows.hasOffset() // Which classes cannot have.
        && output.get("family").equals("bernoulli")
        && output.get("link").equals("logit");
  }

  private static Overrides whole(Overrides base) {
    Overrides all = with(base, "optimizer.name", "lbfgs");
    return with(with(all, "optimizer.memory", LBFGS_MEMORY), "train.epochs", LBFGS_EPOCHS);
  }

  private static Overrides linear(Overrides base, String family, EncodedTable rows) {
    Overrides all = base;
    all = with(all, "schedule.name", "cosine");
    all = with(all, "optimizer.beta2", 0.99);
    return switch (family) {
      case "gaussian", "squared-error" ->
          with(with(all, "train.epochs", 1000), "optimizer.learningRate", 0.1 * magnitude(rows));
      case "categorical" -> with(with(all, "train.epochs", 2000), "optimizer.learningRate", 1);
      case "bernoulli" -> with(with(all, "train.epochs", 1000), "optimizer.learningRate", 0.3);
      default ->
          with(
              with(with(all, "train.epochs", 1000), "optimizer.learningRate", 0.1),
              "optimizer.clipValue",
              1);
    };
  }

  /** The root of the mean square of the targets, rounded, as a number that one would give. */
  private static double magnitude(EncodedTable rows) {
    if (!rows.classNames().isEmpty()) {
      return 1; // Refused later, by name.
    }
    double sum = 0;
    for (int row = 0; row < rows.rows(); row++) {
      double target = (float) rows.response(row);
      sum += target * target;
    }
    double root = StrictMath.sqrt(sum / rows.rows());
    double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.1e", root));
    return rounded > 0 ? rounded : 1;
  }

  private static void warnOfLargeResponse(DataSettings data, String family, EncodedTable rows) {
    boolean gaussian = family.equals("gaussian") || family.equals("squared-error");
    if (gaussian && rows.classNames().isEmpty()) {
      String response = Formula.parse(data.table().formula()).responseName();
      LargeResponse.warning(response, rows.rows(), rows::response).ifPresent(LOG::warn);
    }
  }

  private static Overrides network(Overrides base, String family, EncodedTable rows) {
    int perEpoch = Math.ceilDiv(rows.rows(), BATCH);
    Overrides all = with(base, "data.table.coding", "one-hot");
    all = with(all, "data.split", "random");
    all = with(all, "train.batch", BATCH);
    all = with(all, "train.epochs", Math.max(LEAST_EPOCHS, Math.ceilDiv(STEPS, perEpoch)));
    all = with(all, "train.restoreBest", rows.rows() > LEAST_EPOCHS);
    all = with(all, "schedule.name", "cosine");
    all = with(all, "optimizer.learningRate", 0.01);
    return LOGARITHMIC.contains(family) ? with(all, "optimizer.clipValue", 1) : all;
  }

  private static Overrides with(Overrides base, String key, Object value) {
    return base.with(key, value, PLACE);
  }
}
