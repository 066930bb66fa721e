/**
 * Drawings of computational graphs: {@link io.lockstep.nn.diagram.NetworkDiagram} makes boxes and
 * arrows of a network, {@link io.lockstep.nn.diagram.DotText} and {@link
 * io.lockstep.nn.diagram.SvgText} write them down.
 */
package io.lockstep.nn.diagram;
