/**
 * Pictures of runs: what a network learned, how it went, where it errs. Takes numbers and gives
 * drawings; where the numbers come from is others' business.
 */
package io.lockstep.report;
