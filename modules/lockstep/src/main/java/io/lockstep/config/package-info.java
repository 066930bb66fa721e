/**
 * The configuration of a run: an immutable tree of records, read from HOCON files and overrides or
 * put together in Java, always by the same checks. What each key means and its default stands in
 * {@code lockstep-reference.conf}.
 */
package io.lockstep.config;
