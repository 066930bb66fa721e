/** Tests of the scripts in {@code bin/}, on stand-in machines. */
package io.lockstep.it.scripts;
