/**
 * Optimizers, which turn a step's gradient into new weights, and learning-rate schedules.
 *
 * <p>Both are immutable values without state of their own: an optimizer's state arrays belong to
 * the caller, laid out like θ, and the arithmetic is in {@link io.lockstep.kernels.Updates}. This
 * package knows nothing of networks.
 */
package io.lockstep.optim;
