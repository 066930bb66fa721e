/**
 * Numbers that are written once, in order, and then read in any order: on the heap, or, if they are
 * too many for it, in a scratch file that is mapped into memory.
 *
 * <p>Knows nothing of tables and data sets: it holds floats, doubles, ints and longs.
 */
package io.lockstep.data.store;
