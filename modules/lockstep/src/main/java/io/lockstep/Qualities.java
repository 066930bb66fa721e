package io.lockstep;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.model.Calibration;
import io.lockstep.model.Quality;
import io.lockstep.nn.OutputFamily;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Compares predictions with what rows are. Stateless. */
final class Qualities {

  /** A matrix of more classes than this nobody reads. */
  private static final int MOST_CLASSES = 100;

  /** Of the reliability table. */
  private static final int BINS = 10;

  private static final List<String> NO_YES = List.of("0", "1");

  private Qualities() {}

  /**
   * Of the rows of a partition.
   *
   * @param means row-major [rows][outputs]: class probabilities or means
   * @return null if there are no rows, or a mean is not finite
   */
  static Quality of(OutputFamily family, Partition rows, float[] means) {
    for (float mean : means) {
      if (!Float.isFinite(mean)) {
        return null;
      }
    }
    if (rows.isEmpty()) {
      return null;
    }
    int outputs = means.length / rows.size();
    if (family.classification()) {
      return ofClasses(rows, means, outputs, family.yieldsProbabilities());
    }
    return family.yieldsProbabilities() && outputs == 1
        ? ofTwo(NO_YES, answers(rows), means)
        : ofNumbers(rows, means, outputs);
  }

  /** 0 or 1 of each row. */
  private static int[] answers(Partition rows) {
    return IntStream.range(0, rows.size())
        .map(p -> (int) rows.data().target(rows.row(p), 0))
        .toArray();
  }

  private static Quality ofClasses(
      Partition rows, float[] means, int outputs, boolean probabilities) {
    List<String> names = rows.data().classNames();
    int[] labels =
        IntStream.range(0, rows.size()).map(p -> rows.data().label(rows.row(p))).toArray();
    if (outputs == 2 && probabilities) {
      float[] second = new float[labels.length];
      for (int p = 0; p < second.length; p++) {
        second[p] = means[2 * p + 1];
      }
      return ofTwo(names, labels, second);
    }
    int[] predicted = new int[labels.length];
    for (int p = 0; p < predicted.length; p++) {
      for (int c = 1; c < outputs; c++) {
        if (means[p * outputs + c] > means[p * outputs + predicted[p]]) {
          predicted[p] = c;
        }
      }
    }
    return withConfusion(
        names,
        labels,
        predicted,
        null,
        null,
        probabilities ? ofPredicted(labels, predicted, means, outputs) : null);
  }

  /** Of two classes by the probability of the second. */
  private static Quality ofTwo(List<String> names, int[] labels, float[] probability) {
    int[] predicted = new int[labels.length];
    double brier = 0;
    for (int p = 0; p < labels.length; p++) {
      predicted[p] = probability[p] >= 0.5 ? 1 : 0;
      double error = (double) probability[p] - labels[p];
      brier += error * error;
    }
    boolean[] second = new boolean[labels.length];
    for (int p = 0; p < labels.length; p++) {
      second[p] = labels[p] == 1;
    }
    return withConfusion(
        names,
        labels,
        predicted,
        auc(labels, probability),
        brier / labels.length,
        Calibration.of(names.get(1), probability, second, BINS));
  }

  /** By the probability of the class that is predicted. */
  private static Calibration ofPredicted(
      int[] labels, int[] predicted, float[] means, int outputs) {
    float[] probability = new float[labels.length];
    boolean[] right = new boolean[labels.length];
    for (int p = 0; p < labels.length; p++) {
      probability[p] = means[p * outputs + predicted[p]];
      right[p] = labels[p] == predicted[p];
    }
    return Calibration.of(null, probability, right, BINS);
  }

  /** By the sum of ranks (Mann and Whitney 1947), ties with their mean rank. */
  private static Double auc(int[] labels, float[] score) {
    long[] order = byScore(labels, score);
    double ranks = 0;
    long second = 0;
    for (int from = 0; from < order.length; ) {
      int to = from;
      int ofSecond = 0;
      for (; to < order.length && order[to] >> 1 == order[from] >> 1; to++) {
        ofSecond += (int) (order[to] & 1);
      }
      ranks += ofSecond * (from + 1 + to) / 2.0;
      second += ofSecond;
      from = to;
    }
    long first = labels.length - second;
    return first == 0 || second == 0
        ? null
        : (ranks - second * (second + 1) / 2.0) / ((double) first * second);
  }

  /**
   * The rows' scores ascending, each with its label as the lowest bit: sorted as numbers, since
   * there may be too many for objects. A float's bits are in its order but for negative ones, which
   * run the other way.
   */
  private static long[] byScore(int[] labels, float[] score) {
    long[] order = new long[labels.length];
    for (int p = 0; p < order.length; p++) {
      int bits = Float.floatToIntBits(score[p] + 0f); // zero has one sign
      long ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      order[p] = ascending << 1 | labels[p];
    }
    Arrays.sort(order);
    return order;
  }

  private static Quality withConfusion(
      List<String> names,
      int[] labels,
      int[] predicted,
      Double auc,
      Double brier,
      Calibration calibration) {
    int classes = names.size();
    long[] actual = new long[classes];
    long[] found = new long[classes];
    long[] right = new long[classes];
    long[][] counts = new long[classes <= MOST_CLASSES ? classes : 0][classes];
    for (int p = 0; p < labels.length; p++) {
      actual[labels[p]]++;
      found[predicted[p]]++;
      right[labels[p]] += labels[p] == predicted[p] ? 1 : 0;
      if (counts.length > 0) {
        counts[labels[p]][predicted[p]]++;
      }
    }
    List<List<Long>> confusion =
        Arrays.stream(counts).map(row -> LongStream.of(row).boxed().toList()).toList();
    return new Quality(
        names,
        confusion.isEmpty() ? null : confusion,
        shares(right, found),
        shares(right, actual),
        auc,
        brier,
        null,
        null,
        null,
        calibration);
  }

  private static List<Double> shares(long[] right, long[] all) {
    Double[] shares = new Double[all.length];
    for (int c = 0; c < shares.length; c++) {
      shares[c] = all[c] == 0 ? null : Double.valueOf((double) right[c] / all[c]);
    }
    return Collections.unmodifiableList(Arrays.asList(shares));
  }

  private static Quality ofNumbers(Partition rows, float[] means, int outputs) {
    Dataset data = rows.data();
    double squares = 0;
    double absolute = 0;
    double total = 0;
    for (int output = 0; output < outputs; output++) {
      double mean = 0;
      for (int p = 0; p < rows.size(); p++) {
        mean += data.target(rows.row(p), output) / rows.size();
      }
      for (int p = 0; p < rows.size(); p++) {
        double y = data.target(rows.row(p), output);
        double error = y - means[p * outputs + output];
        squares += error * error;
        absolute += Math.abs(error);
        total += (y - mean) * (y - mean);
      }
    }
    return new Quality(
        null,
        null,
        null,
        null,
        null,
        null,
        Math.sqrt(squares / means.length),
        absolute / means.length,
        total > 0 ? 1 - squares / total : null,
        null);
  }
}
