package io.lockstep.data;

/**
 * How the columns of a row form a grey image: pixel (x, y) is column {@code y * width + x}.
 *
 * @param width pixels in a line
 * @param height lines
 */
public record ImageShape(int width, int height) {

  public ImageShape {
    if (width < 1 || height < 1) {
      throw new DataException(
          "an image needs at least 1x1 pixels, but was given %dx%d".formatted(width, height));
    }
  }

  /** Number of pixels. */
  public int size() {
    return Math.multiplyExact(width, height);
  }

  /** As people write it, width first: {@code 28x28}. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
