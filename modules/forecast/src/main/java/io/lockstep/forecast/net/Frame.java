package io.lockstep.forecast.net;

/**
 * What is sent as one.
 *
 * @param bytes on the way, with its header
 * @param arrived what happens when the last of them has come
 */
public record Frame(int bytes, Runnable arrived) {}
