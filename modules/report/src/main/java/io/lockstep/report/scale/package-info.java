/**
 * Runs of one network with different numbers of workers and servers and different batches: how
 * their speed compares, as numbers, as pictures and as a page.
 */
package io.lockstep.report.scale;
