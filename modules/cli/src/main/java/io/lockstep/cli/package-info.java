/**
 * The {@code lockstep} command: it parses what the user typed, calls the library, and prints what
 * comes back. The only place with {@code System.out} and {@code System.exit}.
 */
package io.lockstep.cli;
