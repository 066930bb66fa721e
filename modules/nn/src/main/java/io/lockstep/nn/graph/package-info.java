/**
 * Automatic differentiation: layers and losses composed of differentiable primitives.
 *
 * <p>A {@link io.lockstep.nn.graph.Composition} hands out inputs, parameters and constants as
 * {@link io.lockstep.nn.graph.Variable}s; methods of a variable yield further ones. Nothing is
 * computed then: sizes are checked, and the rows of inputs stay open. {@link
 * io.lockstep.nn.graph.ComputationalGraph} is what one output needs, in topological order, with a
 * plan of its memory; {@link io.lockstep.nn.graph.Evaluation} is that memory, and runs the graph
 * forward and in reverse. {@link io.lockstep.nn.graph.ComposedLayer}, {@link
 * io.lockstep.nn.graph.ComposedLoss} and {@link io.lockstep.nn.graph.ComposedClassLoss} make one a
 * part of a network.
 *
 * <pre>
 *   new ComposedLayer("gated", in, (graph, x) -&gt; {
 *     Variable v = graph.parameter(Parameter.matrix("V", in, units, Initializer.LECUN_NORMAL));
 *     Variable w = graph.parameter(Parameter.matrix("W", in, units, Initializer.LECUN_NORMAL));
 *     return x.matmul(v).tanh().mul(x.matmul(w).logistic());
 *   })
 * </pre>
 *
 * All matrices are packed, see {@link io.lockstep.kernels.Panels}, and all that rounds is computed
 * by {@code kernels}: the bits are the same with every width of vectors, and with none.
 */
package io.lockstep.nn.graph;
