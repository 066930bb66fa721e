/**
 * Inference for generalized linear models, as R's {@code summary.glm} and {@code multinom} have it:
 * from coefficients, wherever they come from, to their standard errors, deviances and tests. All in
 * double precision on one thread. What is fitted, and how, is not its matter.
 */
package io.lockstep.glm;
