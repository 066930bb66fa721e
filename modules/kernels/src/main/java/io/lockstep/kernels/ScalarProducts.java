package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;

import java.util.Arrays;

/**
 * The matrix products in plain Java: what the SIMD kernels are held to, and the way out where there
 * is no SIMD.
 */
final class ScalarProducts implements Products {

  /** The left factor is kept row-major. */
  @Override
  public void packRows(int rows, int depth, float[] x, int xAt, Scratch scratch) {
    scratch.requireRoom(rows, depth);
    Panels.unpack(rows, depth, x, xAt, scratch.packedRows, 0);
  }

  @Override
  public void product(
      int rows,
      int depth,
      float[] b,
      int bAt,
      float[] y,
      int yAt,
      int fromPanel,
      int toPanel,
      Scratch scratch) {
    for (int panel = fromPanel; panel < toPanel; panel++) {
      for (int row = 0; row < rows; row++) {
        int to = yAt + (panel * rows + row) * WIDTH;
        Arrays.fill(y, to, to + WIDTH, 0f);
        chain(depth, scratch.packedRows, row * depth, 1, b, bAt + panel * depth * WIDTH, y, to);
      }
    }
  }

  @Override
  public void productOverRows(
      int rows,
      int leafRows,
      int depth,
      float[] x,
      int xAt,
      float[] dY,
      int dYAt,
      float[] dW,
      int dWAt,
      int fromPanel,
      int toPanel,
      Scratch scratch) {
    for (int panel = fromPanel; panel < toPanel; panel++) {
      int dYPanel = dYAt + panel * rows * WIDTH;
      for (int feature = 0; feature < depth; feature++) {
        int xColumn = xAt + Panels.index(rows, 0, feature);
        featureOverRows(rows, leafRows, x, xColumn, dY, dYPanel, scratch.treeStack);
        System.arraycopy(scratch.treeStack, 0, dW, dWAt + (panel * depth + feature) * WIDTH, WIDTH);
      }
    }
  }

  private static void featureOverRows(
      int rows, int leafRows, float[] x, int xColumn, float[] dY, int dYPanel, float[] stack) {
    int leaves = LeafTree.leaves(rows, leafRows);
    for (int leaf = 0; leaf < leaves; leaf++) {
      int slot = LeafTree.slot(leaf) * WIDTH;
      int row = leaf * leafRows;
      Arrays.fill(stack, slot, slot + WIDTH, 0f);
      chain(
          Math.min(leafRows, rows - row),
          x,
          xColumn + row * WIDTH,
          WIDTH,
          dY,
          dYPanel + row * WIDTH,
          stack,
          slot);
      merge(LeafTree.merges(leaf, leaves), stack, slot);
    }
  }

  /** y[j] = fma(a[k · aStep], b[k · 16 + j], y[j]) for increasing k. */
  private static void chain(
      int depth, float[] a, int aAt, int aStep, float[] b, int bAt, float[] y, int yAt) {
    for (int k = 0; k < depth; k++) {
      float factor = a[aAt + k * aStep];
      int row = bAt + k * WIDTH;
      for (int j = 0; j < WIDTH; j++) {
        y[yAt + j] = Math.fma(factor, b[row + j], y[yAt + j]);
      }
    }
  }

  private static void merge(int merges, float[] stack, int slot) {
    for (int top = slot; top > slot - merges * WIDTH; top -= WIDTH) {
      for (int j = 0; j < WIDTH; j++) {
        stack[top - WIDTH + j] += stack[top + j];
      }
    }
  }

  @Override
  public void transpose(
      int rows,
      int columns,
      float[] b,
      int bAt,
      float[] transposed,
      int transposedAt,
      int fromPanel,
      int toPanel) {
    for (int panel = fromPanel; panel < toPanel; panel++) {
      for (int column = 0; column < columns; column++) {
        int to = transposedAt + ((panel - fromPanel) * columns + column) * WIDTH;
        for (int j = 0; j < WIDTH; j++) {
          int row = panel * WIDTH + j;
          transposed[to + j] = row < rows ? b[bAt + Panels.index(rows, row, column)] : 0f;
        }
      }
    }
  }

  @Override
  public void sumRows(
      int rows,
      int leafRows,
      int columns,
      float[] dY,
      int dYAt,
      float[] db,
      int dbAt,
      Scratch scratch) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      sumPanel(rows, leafRows, dY, dYAt + panel * rows * WIDTH, scratch.treeStack);
      System.arraycopy(scratch.treeStack, 0, db, dbAt + panel * WIDTH, WIDTH);
    }
  }

  private static void sumPanel(int rows, int leafRows, float[] dY, int dYPanel, float[] stack) {
    int leaves = LeafTree.leaves(rows, leafRows);
    for (int leaf = 0; leaf < leaves; leaf++) {
      int slot = LeafTree.slot(leaf) * WIDTH;
      Arrays.fill(stack, slot, slot + WIDTH, 0f);
      int end = (int) Math.min(rows, (leaf + 1L) * leafRows);
      for (int row = leaf * leafRows; row < end; row++) {
        for (int j = 0; j < WIDTH; j++) {
          stack[slot + j] += dY[dYPanel + row * WIDTH + j];
        }
      }
      merge(LeafTree.merges(leaf, leaves), stack, slot);
    }
  }
}
