package io.lockstep.nn.graph;

import io.lockstep.kernels.Arithmetic.Operator;
import java.util.List;

/**
 * A matrix of a {@link Composition}: an input, a parameter, a constant, or what a primitive makes
 * of others. Its methods add primitives; they throw an {@link IllegalArgumentException} where sizes
 * do not fit. Immutable.
 *
 * <p>Operands of {@link #add}, {@link #sub}, {@link #mul} and {@link #div} are broadcast: one row
 * is repeated for all rows of the other, one column for all columns.
 */
public final class Variable {

  private final Composition composition;
  private final int id;
  private final String name;
  private final Dimensions size;
  private final Primitive primitive;
  private final boolean mixesRows;

  Variable(Composition composition, int id, String name, Dimensions size, Primitive primitive) {
    this.composition = composition;
    this.id = id;
    this.name = name;
    this.size = size;
    this.primitive = primitive;
    this.mixesRows =
        primitive != null
            && primitive.sources().stream()
                .anyMatch(source -> source.mixesRows || source.size.isBatch() && !size.isBatch());
  }

  /** Of an input or parameter its name, else the word for its primitive. */
  public String name() {
    return name;
  }

  /** Rows and columns. */
  public Dimensions size() {
    return size;
  }

  Composition composition() {
    return composition;
  }

  /** Number in the composition; above those of all that it is made of. */
  int id() {
    return id;
  }

  /** Null of inputs, parameters and constants. */
  Primitive primitive() {
    return primitive;
  }

  /** Whether an element may depend on all rows of the batch. */
  boolean mixesRows() {
    return mixesRows;
  }

  private Variable apply(Dimensions size, Primitive primitive) {
    return composition.apply(size, primitive);
  }

  /** x + y. */
  public Variable add(Variable y) {
    return combine(Operator.ADD, y);
  }

  /** x − y. */
  public Variable sub(Variable y) {
    return combine(Operator.SUBTRACT, y);
  }

  /** x · y, element by element. */
  public Variable mul(Variable y) {
    return combine(Operator.MULTIPLY, y);
  }

  /** x / y, element by element. */
  public Variable div(Variable y) {
    return combine(Operator.DIVIDE, y);
  }

  private Variable combine(Operator operator, Variable y) {
    Dimensions common = Combination.broadcast(operator, this, y);
    Variable left = broadcast(common);
    return left.apply(common, new Combination(operator, left, y.broadcast(common)));
  }

  /**
   * Repeats one row for all rows, one column for all columns, or both; x itself where it has that
   * size.
   */
  public Variable broadcast(Dimensions to) {
    Variable wide = this;
    if (size.columns() != to.columns()) {
      Dimensions columns = new Dimensions(size.rows(), to.columns());
      wide = apply(columns, new Broadcast(Axis.COLUMNS, this, columns));
    }
    return wide.size.rows() == to.rows()
        ? wide
        : wide.apply(to, new Broadcast(Axis.ROWS, wide, to));
  }

  /** factor · x. */
  public Variable mul(double factor) {
    return apply(size, new Affine(this, (float) factor, 0));
  }

  /** x + shift. */
  public Variable add(double shift) {
    return apply(size, new Affine(this, 1, (float) shift));
  }

  /** −x. */
  public Variable negate() {
    return mul(-1);
  }

  /** e to the power of x. */
  public Variable exp() {
    return elementary(Elementary.Function.EXP);
  }

  /** The natural logarithm. */
  public Variable log() {
    return elementary(Elementary.Function.LOG);
  }

  /** The hyperbolic tangent. */
  public Variable tanh() {
    return elementary(Elementary.Function.TANH);
  }

  /** 1 / (1 + exp(−x)). */
  public Variable logistic() {
    return elementary(Elementary.Function.LOGISTIC);
  }

  /** max(0, x), with derivative 0 at 0. */
  public Variable relu() {
    return elementary(Elementary.Function.RELU);
  }

  /** x². */
  public Variable square() {
    return elementary(Elementary.Function.SQUARE);
  }

  private Variable elementary(Elementary.Function function) {
    return apply(size, new Elementary(function, this));
  }

  /**
   * x to the power of a constant; fast for multiples of ½ up to ±32.
   *
   * @throws IllegalArgumentException if it is 0 or not finite
   */
  public Variable power(double exponent) {
    return apply(size, new Power(this, (float) exponent));
  }

  /** √x. */
  public Variable sqrt() {
    return power(0.5);
  }

  /** The matrix product x y; y has no rows of the batch. */
  public Variable matmul(Variable y) {
    return apply(Product.size(this, y), new Product(this, y));
  }

  /** The matrix product xᵀ y: a sum over the rows of both. */
  public Variable transposedMatmul(Variable y) {
    return apply(ProductOverRows.size(this, y), new ProductOverRows(this, y));
  }

  /** xᵀ; x has no rows of the batch. */
  public Variable transpose() {
    return apply(Transpose.size(this), new Transpose(this));
  }

  /** [1][columns], each column summed over its rows. */
  public Variable sumOverRows() {
    return apply(new Dimensions(1, size.columns()), new Sum(Axis.ROWS, this));
  }

  /** [rows][1], each row summed over its columns. */
  public Variable sumOverColumns() {
    return apply(new Dimensions(size.rows(), 1), new Sum(Axis.COLUMNS, this));
  }

  /** [1][1], the sum of all elements. */
  public Variable sum() {
    return sumOverRows().sumOverColumns();
  }

  /** [1][columns], the mean of each column. */
  public Variable meanOverRows() {
    Variable sum = sumOverRows();
    return size.isBatch()
        ? apply(sum.size, new DividedByRows(sum))
        : sum.mul((float) (1.0 / size.rows()));
  }

  /** [rows][1], the mean of each row. */
  public Variable meanOverColumns() {
    return sumOverColumns().mul((float) (1.0 / size.columns()));
  }

  /** [1][1], the mean of all elements. */
  public Variable mean() {
    return meanOverRows().meanOverColumns();
  }

  /** [rows][1], the largest of each row; the gradient goes to the first of equals. */
  public Variable maxOverColumns() {
    return apply(new Dimensions(size.rows(), 1), new LargestOfRow(this));
  }

  /** Row i of the result is row {@code indices[i]} of x, which has no rows of the batch. */
  public Variable gatherRows(Indices indices) {
    return apply(GatherRows.size(this, indices), new GatherRows(this, indices));
  }

  /** [rows][1]: of row i of x the element in column {@code indices[i]}. */
  public Variable gatherColumn(Indices indices) {
    return apply(GatherColumn.size(this, indices), new GatherColumn(this, indices));
  }

  /** The columns of x, then those of the others, which have as many rows. */
  public Variable concat(Variable... others) {
    Concatenation primitive = Concatenation.of(this, others);
    return apply(primitive.size(), primitive);
  }

  /** The columns [from, to) of x. */
  public Variable columns(int from, int to) {
    return apply(Columns.size(this, from, to), new Columns(this, from, to));
  }

  /**
   * The numbers of a column as indices: whole numbers from 0 on. No gradient passes them.
   *
   * @param column of x, which has the rows of the batch
   */
  public Indices toIndices(int column) {
    return Indices.of(this, column);
  }

  static void require(boolean holds, String what, List<Variable> found) {
    if (!holds) {
      throw new IllegalArgumentException(
          what
              + " but found "
              + String.join(" and ", found.stream().map(Variable::named).toList()));
    }
  }

  private String named() {
    return name + " " + size;
  }

  @Override
  public String toString() {
    return named();
  }
}
