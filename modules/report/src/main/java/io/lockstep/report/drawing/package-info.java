/**
 * A drawing as a list of marks, and its two outputs, PNG and SVG. Both have the same geometry on
 * every machine: text is measured by glyphs that come with the program, and no display is needed.
 */
package io.lockstep.report.drawing;
