package io.lockstep.nn;

/**
 * A matrix [rows][width] of the graph: the network's input or the output of one operation.
 *
 * @param id 0 for the network's input, i + 1 for the output of operation i
 * @param layer index into {@link Network#layers()} of the layer that yields it; −1 for the input
 * @param width columns
 * @param needsGradient whether parameters lie before it, so that backpropagation must pass it
 */
record Value(int id, int layer, int width, boolean needsGradient) {}
