package io.lockstep.nn.diagram;

import io.lockstep.nn.diagram.Diagram.Arrow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Columns of boxes from left to right (Sugiyama, Tagawa, Toda 1981): a box stands right of all that
 * it reads; an arrow over several columns gets a bend in each; boxes and bends of a column are
 * ordered by the mean height of their neighbours, and then moved towards it.
 */
final class LayeredLayout {

  private static final int SWEEPS = 24;

  /** Distance of two boxes of a column, in heights of a box; of bends. */
  private static final double BOX_GAP = 1.0;

  private static final double BEND_GAP = 0.55;

  /** A box or a bend. */
  static final class Item {
    final int column;
    final boolean bend;
    final List<Item> left = new ArrayList<>();
    final List<Item> right = new ArrayList<>();

    /** Height of its middle, in distances of boxes; 0 is the highest. */
    double y;

    Item(int column, boolean bend) {
      this.column = column;
      this.bend = bend;
    }
  }

  private final List<Item> boxes = new ArrayList<>();
  private final List<List<Item>> paths = new ArrayList<>();
  private final List<List<Item>> columns = new ArrayList<>();

  LayeredLayout(Diagram diagram) {
    for (int column : columnsOf(diagram)) {
      boxes.add(place(column, false));
    }
    for (Arrow arrow : diagram.arrows()) {
      paths.add(path(boxes.get(arrow.from()), boxes.get(arrow.to())));
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean toRight = sweep % 2 == 0;
      for (int i = 0; i < columns.size(); i++) {
        arrange(columns.get(toRight ? i : columns.size() - 1 - i), toRight, sweep < SWEEPS - 4);
      }
    }
    double least =
        columns.stream().flatMap(List::stream).mapToDouble(item -> item.y).min().orElse(0);
    columns.forEach(column -> column.forEach(item -> item.y -= least));
  }

  /** Longest path from the left; what reads nothing stands just before its first reader. */
  private static int[] columnsOf(Diagram diagram) {
    int[] column = new int[diagram.boxes().size()];
    for (int round = 0; round < column.length; round++) {
      for (Arrow arrow : diagram.arrows()) {
        column[arrow.to()] = Math.max(column[arrow.to()], column[arrow.from()] + 1);
      }
    }
    for (int box = 0; box < column.length; box++) {
      int self = box;
      if (diagram.arrows().stream().noneMatch(arrow -> arrow.to() == self)) {
        column[box] =
            diagram.arrows().stream()
                .filter(arrow -> arrow.from() == self)
                .mapToInt(arrow -> column[arrow.to()] - 1)
                .min()
                .orElse(0);
      }
    }
    return column;
  }

  private Item place(int column, boolean bend) {
    while (columns.size() <= column) {
      columns.add(new ArrayList<>());
    }
    Item item = new Item(column, bend);
    item.y = columns.get(column).size();
    columns.get(column).add(item);
    return item;
  }

  private List<Item> path(Item from, Item to) {
    List<Item> path = new ArrayList<>(List.of(from));
    for (int column = from.column + 1; column < to.column; column++) {
      path.add(place(column, true));
    }
    path.add(to);
    for (int i = 1; i < path.size(); i++) {
      path.get(i - 1).right.add(path.get(i));
      path.get(i).left.add(path.get(i - 1));
    }
    return path;
  }

  /** Orders a column by its neighbours on one side (in the end on both), and keeps gaps. */
  private static void arrange(List<Item> column, boolean byLeft, boolean oneSide) {
    double[] wanted = new double[column.size()];
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = wanted(column.get(i), byLeft, oneSide);
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> wanted[i]));
    List<Item> sorted = order.stream().map(column::get).toList();
    double[] at = order.stream().mapToDouble(i -> wanted[i]).toArray();
    double[] down = spread(sorted, at, 1);
    double[] up = spread(sorted, at, -1);
    for (int i = 0; i < at.length; i++) {
      sorted.get(i).y = (down[i] + up[i]) / 2;
    }
    column.clear();
    column.addAll(sorted);
  }

  private static double wanted(Item item, boolean byLeft, boolean oneSide) {
    List<Item> neighbours = new ArrayList<>(byLeft ? item.left : item.right);
    if (!oneSide || neighbours.isEmpty()) {
      neighbours = new ArrayList<>(item.left);
      neighbours.addAll(item.right);
    }
    return neighbours.stream().mapToDouble(other -> other.y).average().orElse(item.y);
  }

  /** The wanted heights, moved down (or up) as far as the gaps ask for. */
  private static double[] spread(List<Item> items, double[] wanted, int direction) {
    double[] y = wanted.clone();
    int first = direction > 0 ? 0 : y.length - 1;
    for (int i = first + direction; i >= 0 && i < y.length; i += direction) {
      double gap = gap(items.get(i), items.get(i - direction));
      double least = y[i - direction] + direction * gap;
      y[i] = direction > 0 ? Math.max(y[i], least) : Math.min(y[i], least);
    }
    return y;
  }

  private static double gap(Item a, Item b) {
    double half = (a.bend ? BEND_GAP : BOX_GAP) / 2;
    return half + (b.bend ? BEND_GAP : BOX_GAP) / 2;
  }

  /** The boxes, in the order of the diagram. */
  List<Item> boxes() {
    return boxes;
  }

  /** What each arrow passes, its boxes included, in the order of the diagram. */
  List<List<Item>> paths() {
    return paths;
  }

  int columns() {
    return columns.size();
  }

  double height() {
    return columns.stream().flatMap(List::stream).mapToDouble(item -> item.y).max().orElse(0);
  }
}
