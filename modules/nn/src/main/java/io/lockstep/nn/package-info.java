/**
 * Feed-forward networks: what a network consists of, and how its loss and gradients are computed.
 *
 * <p>Read in this order: {@link io.lockstep.nn.Layer} and {@link io.lockstep.nn.Network} describe a
 * network; {@link io.lockstep.nn.Initializer} draws its first weights; {@link
 * io.lockstep.nn.OutputFamily} says what its output means and how it is scored, {@link
 * io.lockstep.nn.UnivariateFamily} is one of a user's own; {@link io.lockstep.nn.ParameterLayout}
 * lays all weights out as one flat array θ; {@code Graph} is the network as operations in
 * topological order, each with its forward beside its backward; {@link io.lockstep.nn.Pass} runs
 * that graph on rows in one thread's memory. {@link io.lockstep.nn.CustomLayer} is what a layer of
 * a user's own implements; package {@link io.lockstep.nn.graph} composes one of primitives.
 *
 * <p>Gradients are sums over rows, never means: the sum of a step's rows is formed in a fixed
 * binary tree, and divided once at its root. This package knows nothing of data formats and
 * optimizers.
 */
package io.lockstep.nn;
