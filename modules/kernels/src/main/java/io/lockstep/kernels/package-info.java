/**
 * Numeric kernels on {@code float} arrays: matrix products, elementwise operations, losses and
 * optimizer updates.
 *
 * <p>Each group of operations is an interface with a scalar implementation and SIMD ones for 128,
 * 256 and 512 bits. All of them give the same bits: every output element is computed by the same
 * operations in the same order, SIMD lanes run along outputs, and exp, log, tanh and their kin are
 * polynomials of our own.
 *
 * <p>This package knows nothing of networks, data or training, and is the only place with {@code
 * jdk.incubator.vector}.
 */
package io.lockstep.kernels;
