package io.lockstep.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What predictions of some rows are worth beside their likelihood; null where something does not
 * apply. Each row counts once, whatever its weight.
 *
 * @param classNames of the response with classes; 0 and 1 of a Bernoulli response
 * @param confusion [actual class][predicted class] rows; of few enough classes
 * @param precision of each class: the share of the rows predicted to be of it that are; null in it
 *     where none is predicted
 * @param recall of each class: the share of its rows that are predicted to be of it; null in it
 *     where there is none
 * @param auc of two classes: the area under the ROC curve, which is the share of pairs of a row of
 *     either class of which the one of the second class has the larger probability, ties by half
 * @param brier of two classes: the mean of (p − y)²
 * @param rmse of numbers: the root of the mean squared error
 * @param mae of numbers: the mean absolute error
 * @param rSquared of numbers: 1 − Σ (y − μ)² / Σ (y − mean of y)²; null where y does not vary
 * @param calibration of classes: whether probabilities are what happens
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Quality(
    List<String> classNames,
    List<List<Long>> confusion,
    List<Double> precision,
    List<Double> recall,
    Double auc,
    Double brier,
    Double rmse,
    Double mae,
    Double rSquared,
    Calibration calibration) {}
