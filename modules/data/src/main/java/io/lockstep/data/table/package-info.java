/**
 * Tables as they come in files: CSV, its columns with their types, and the missing cells in them.
 *
 * <p>Knows nothing of formulas: {@link io.lockstep.data.formula} makes inputs of a table.
 */
package io.lockstep.data.table;
