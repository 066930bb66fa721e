/**
 * Model formulas as R has them: {@code cnt ~ factor(hr) + ns(temp, df = 5)}. A formula is parsed
 * ({@link io.lockstep.data.formula.Formula}), fitted to a table ({@link
 * io.lockstep.data.formula.TableEncoding}: levels, knots, values for missing cells), and turns any
 * table with the same columns into the design matrix, with R's names for its columns.
 *
 * <p>All numbers are in double and computed with strict arithmetic: the same bits on any machine.
 */
package io.lockstep.data.formula;
