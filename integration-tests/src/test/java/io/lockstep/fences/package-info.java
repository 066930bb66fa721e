/**
 * Tests of the project's inner fences: which module may know which, and where a library may be
 * used.
 */
package io.lockstep.fences;
