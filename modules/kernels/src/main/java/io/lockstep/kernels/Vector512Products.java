package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;
import static io.lockstep.kernels.Vector512Tiles.ASIDE_PANEL;
import static io.lockstep.kernels.Vector512Tiles.DEEPEST;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products with 512-bit vectors: loops over the register tiles of {@link
 * Vector512Tiles}, whose lanes run along columns.
 *
 * <p>Product: the left factor is packed [rows / tile][depth][tile], so that a tile reads it in one
 * stream. The depth is cut into blocks such that a row tile's block stays in the L1 cache and the
 * panels' block in L2; a later block goes on with the chains where the earlier left them in Y.
 * Within a block the panels are the outer loop: a panel of B is read from memory once.
 *
 * <p>Product over rows: a panel of X is already what a packed left factor looks like, 16 features
 * of one row after the other, so nothing is packed. Each tile of dW is finished, leaves and tree,
 * before the next, with its stack in the L1 cache.
 */
final class Vector512Products implements Products {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final int LANES = SPECIES.length();

  /** Distance of the slots of the reduction tree's stack. */
  private static final int SLOT = Scratch.TILE_FLOATS;

  @Override
  public void packRows(int rows, int depth, float[] x, int xAt, Scratch scratch) {
    scratch.requireRoom(rows, depth);
    int tile;
    for (int row = 0; row < rows; row += tile) {
      tile = Vector512Tiles.packedTileRows(rows - row);
      packTile(rows, depth, x, xAt + row * WIDTH, tile, scratch.packedRows, row * depth);
    }
  }

  /**
   * Packs one tile panel by panel. A whole vector is stored for each column, though the tile may
   * have fewer rows: what is too much is overwritten by the next column, or by the next tile. So
   * the lower rows come after the higher ones.
   */
  private static void packTile(
      int rows, int depth, float[] x, int xAt, int tile, float[] packed, int packedAt) {
    if (tile == 1) {
      copyRow(rows, depth, x, xAt, packed, packedAt);
      return;
    }
    int highest = (tile - 1) / LANES * LANES;
    for (int column = 0; column < depth; column += LANES) {
      int from = xAt + (column / WIDTH) * rows * WIDTH + column % WIDTH;
      int to = packedAt + column * tile;
      boolean whole =
          column + LANES <= depth && from + (highest + LANES - 1) * WIDTH + LANES <= x.length;
      for (int row = highest; whole && row >= 0; row -= LANES) {
        Vector512Tiles.transpose(x, from + row * WIDTH, WIDTH, packed, to + row, tile);
      }
      if (!whole) {
        packEdge(tile, Math.min(LANES, depth - column), x, from, packed, to);
      }
    }
  }

  private static void copyRow(
      int rows, int depth, float[] x, int xAt, float[] packed, int packedAt) {
    for (int column = 0; column < depth; column += WIDTH) {
      System.arraycopy(
          x, xAt + column * rows, packed, packedAt + column, Math.min(WIDTH, depth - column));
    }
  }

  private static void packEdge(int tile, int columns, float[] x, int from, float[] packed, int to) {
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < tile; row++) {
        packed[to + column * tile + row] = x[from + row * WIDTH + column];
      }
    }
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
    int blocks = (depth + DEEPEST - 1) / DEEPEST;
    int block = (depth + blocks - 1) / blocks;
    for (int from = 0; from < depth; from += block) {
      int count = Math.min(block, depth - from);
      int panels;
      for (int panel = fromPanel; panel < toPanel; panel += panels) {
        panels = Math.min(Vector512Tiles.PANELS, toPanel - panel);
        int bBlock = bAt + (panel * depth + from) * WIDTH;
        blockProduct(
            rows, depth, from, count, panels, b, bBlock, y, yAt + panel * rows * WIDTH, scratch);
      }
    }
  }

  /** Depth [from, from + count) of the product for one or two panels. */
  private static void blockProduct(
      int rows,
      int depth,
      int from,
      int count,
      int panels,
      float[] b,
      int bAt,
      float[] y,
      int yAt,
      Scratch scratch) {
    int tile;
    for (int row = 0; row < rows; row += tile) {
      tile = Vector512Tiles.productTileRows(panels, rows - row);
      int packed = Vector512Tiles.packedTileRows(rows - row);
      int yTile = yAt + row * WIDTH;
      float[] start = from == 0 ? scratch.zeros : y;
      Vector512Tiles.product(
          tile,
          panels,
          count,
          scratch.packedRows,
          row * depth + from * packed,
          packed * depth,
          b,
          bAt,
          depth * WIDTH,
          start,
          from == 0 ? 0 : yTile,
          from == 0 ? 0 : rows * WIDTH,
          y,
          yTile,
          rows * WIDTH);
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
    int panels;
    for (int panel = fromPanel; panel < toPanel; panel += panels) {
      panels = Math.min(Vector512Tiles.PANELS, toPanel - panel);
      int dYPanel = dYAt + panel * rows * WIDTH;
      int dWPanel = dWAt + panel * depth * WIDTH;
      for (int feature = 0; feature < depth; feature += WIDTH) {
        int features = Math.min(WIDTH, depth - feature);
        panelOverRows(
            rows,
            leafRows,
            features,
            panels,
            x,
            xAt + feature * rows,
            dY,
            dYPanel,
            dW,
            dWPanel + feature * WIDTH,
            depth * WIDTH,
            scratch.treeStack);
      }
    }
  }

  /** The rows of dW that belong to one panel of X. */
  private static void panelOverRows(
      int rows,
      int leafRows,
      int features,
      int panels,
      float[] x,
      int xPanel,
      float[] dY,
      int dYPanel,
      float[] dW,
      int dWAt,
      int dWPanel,
      float[] stack) {
    int tile;
    for (int feature = 0; feature < features; feature += tile) {
      tile = Vector512Tiles.leafTileFeatures(panels, feature);
      int to = dWAt + feature * WIDTH;
      boolean whole = feature + tile <= features;
      tileOverRows(
          rows,
          leafRows,
          tile,
          panels,
          x,
          xPanel + feature,
          dY,
          dYPanel,
          whole ? dW : stack,
          whole ? to : 0,
          whole ? dWPanel : ASIDE_PANEL,
          stack);
      if (!whole) {
        copyTile(features - feature, panels, stack, dW, to, dWPanel);
      }
    }
  }

  /**
   * One tile of dW: the chains of its leaves, and their tree, the last merge of which goes to
   * {@code to}.
   */
  private static void tileOverRows(
      int rows,
      int leafRows,
      int tile,
      int panels,
      float[] x,
      int xAt,
      float[] dY,
      int dYAt,
      float[] to,
      int toAt,
      int toPanel,
      float[] stack) {
    int leaves = LeafTree.leaves(rows, leafRows);
    for (int leaf = 0; leaf < leaves; leaf++) {
      int row = leaf * leafRows;
      int count = Math.min(leafRows, rows - row);
      int merges = LeafTree.merges(leaf, leaves);
      int slot = LeafTree.slot(leaf) * SLOT;
      int xLeaf = xAt + row * WIDTH;
      int dYLeaf = dYAt + row * WIDTH;
      boolean last = leaf == leaves - 1;
      int fused = count <= DEEPEST ? Math.min(merges, 2) : 0;
      merges -= fused;
      slot -= fused * SLOT;
      boolean done = last && merges == 0;
      float[] target = done ? to : stack;
      int targetAt = done ? toAt : slot;
      int targetPanel = done ? toPanel : ASIDE_PANEL;
      if (fused == 0) {
        leafChains(
            tile, panels, count, x, xLeaf, dY, dYLeaf, rows * WIDTH, target, targetAt, targetPanel);
      } else if (fused == 1) {
        Vector512Tiles.leafPlus(
            tile,
            panels,
            count,
            x,
            xLeaf,
            dY,
            dYLeaf,
            rows * WIDTH,
            stack,
            slot,
            target,
            targetAt,
            targetPanel);
      } else {
        Vector512Tiles.leafPlusTwo(
            tile,
            panels,
            count,
            x,
            xLeaf,
            dY,
            dYLeaf,
            rows * WIDTH,
            stack,
            slot,
            target,
            targetAt,
            targetPanel);
      }
      for (; merges > 0; merges--, slot -= SLOT) {
        done = last && merges == 1;
        addTile(
            tile,
            panels,
            stack,
            slot - SLOT,
            slot,
            done ? to : stack,
            done ? toAt : slot - SLOT,
            done ? toPanel : ASIDE_PANEL);
      }
    }
  }

  private static void leafChains(
      int tile,
      int panels,
      int rows,
      float[] x,
      int xAt,
      float[] dY,
      int dYAt,
      int dYPanel,
      float[] to,
      int toAt,
      int toPanel) {
    Vector512Tiles.leaf(
        tile, panels, Math.min(rows, DEEPEST), x, xAt, dY, dYAt, dYPanel, to, toAt, toPanel);
    for (int row = DEEPEST; row < rows; row += DEEPEST) {
      int count = Math.min(DEEPEST, rows - row);
      Vector512Tiles.leafMore(
          tile,
          panels,
          count,
          x,
          xAt + row * WIDTH,
          dY,
          dYAt + row * WIDTH,
          dYPanel,
          to,
          toAt,
          toPanel);
    }
  }

  /** to = the slots at {@code left} and {@code right} added. */
  private static void addTile(
      int tile, int panels, float[] stack, int left, int right, float[] to, int toAt, int toPanel) {
    for (int panel = 0; panel < panels; panel++) {
      int leftAt = left + panel * ASIDE_PANEL;
      int rightAt = right + panel * ASIDE_PANEL;
      int at = toAt + panel * toPanel;
      for (int i = 0; i < tile * WIDTH; i += LANES) {
        FloatVector sum =
            FloatVector.fromArray(SPECIES, stack, leftAt + i)
                .add(FloatVector.fromArray(SPECIES, stack, rightAt + i));
        sum.intoArray(to, at + i);
      }
    }
  }

  private static void copyTile(
      int features, int panels, float[] stack, float[] dW, int dWAt, int dWPanel) {
    for (int panel = 0; panel < panels; panel++) {
      System.arraycopy(stack, panel * ASIDE_PANEL, dW, dWAt + panel * dWPanel, features * WIDTH);
    }
  }

  /**
   * Panel by panel of B, so that what comes from memory is read in one stream: with the panels of
   * Bᵀ as the outer loop it took half as long again.
   */
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
    int firstRow = fromPanel * WIDTH;
    int endRow = Math.min(toPanel * WIDTH, rows);
    int panelAt = transposedAt - fromPanel * columns * WIDTH;
    for (int column = 0; column < columns; column += LANES) {
      int bPanel = bAt + (column / WIDTH) * rows * WIDTH + column % WIDTH;
      for (int row = firstRow; row < endRow; row += LANES) {
        int from = bPanel + row * WIDTH;
        int to = panelAt + (row / WIDTH) * columns * WIDTH + row % WIDTH + column * WIDTH;
        if (row + LANES <= rows && column + LANES <= columns) {
          Vector512Tiles.transpose(b, from, WIDTH, transposed, to, WIDTH);
        } else {
          transposeEdge(
              Math.min(LANES, rows - row),
              Math.min(LANES, columns - column),
              b,
              from,
              transposed,
              to);
        }
      }
    }
    // Whole vectors of padding, where the panels are wider than vectors.
    for (int row = (endRow + LANES - 1) / LANES * LANES; row < toPanel * WIDTH; row += LANES) {
      int rowAt = panelAt + (row / WIDTH) * columns * WIDTH + row % WIDTH;
      for (int column = 0; column < columns; column++) {
        FloatVector.zero(SPECIES).intoArray(transposed, rowAt + column * WIDTH);
      }
    }
  }

  private static void transposeEdge(
      int rows, int columns, float[] b, int from, float[] transposed, int to) {
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < LANES; row++) {
        transposed[to + column * WIDTH + row] = row < rows ? b[from + row * WIDTH + column] : 0f;
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
    for (int column = 0; column < Panels.paddedColumns(columns); column += LANES) {
      int from = dYAt + (column / WIDTH) * rows * WIDTH + column % WIDTH;
      sumColumns(rows, leafRows, dY, from, scratch.treeStack);
      FloatVector.fromArray(SPECIES, scratch.treeStack, 0).intoArray(db, dbAt + column);
    }
  }

  /** A leaf's sum is no method of its own, since that would return a vector. */
  private static void sumColumns(int rows, int leafRows, float[] dY, int from, float[] stack) {
    int leaves = LeafTree.leaves(rows, leafRows);
    for (int leaf = 0; leaf < leaves; leaf++) {
      int row = leaf * leafRows;
      int count = Math.min(leafRows, rows - row);
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int i = 0; i < count; i++) {
        sum = sum.add(FloatVector.fromArray(SPECIES, dY, from + (row + i) * WIDTH));
      }
      int slot = LeafTree.slot(leaf) * LANES;
      for (int merge = LeafTree.merges(leaf, leaves); merge > 0; merge--, slot -= LANES) {
        sum = FloatVector.fromArray(SPECIES, stack, slot - LANES).add(sum);
      }
      sum.intoArray(stack, slot);
    }
  }
}
