/**
 * Datasets and what stands between them and a training step: readers, sources, splits, scaling and
 * the global sampler.
 *
 * <p>Knows nothing of networks. Everything random here is a function of a seed, so that any machine
 * gets the same rows in the same order.
 */
package io.lockstep.data;
