package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextImageTest {

  /** Four columns, three lines: black, grey, white, and changing. */
  private static final Dataset DATA =
      Dataset.unlabelled(
              "d",
              1,
              12,
              new byte[] {
                0, (byte) 128, (byte) 255, 0,
                0, (byte) 128, (byte) 255, (byte) 255,
                0, (byte) 128, (byte) 255, (byte) 255
              })
          .withImage(new ImageShape(4, 3));

  @Test
  void drawsInPlainCharacters() {
    assertThat(TextImage.lines(DATA, 0, TextImage.Style.ASCII)).containsExactly(" +@=", " :==");
  }

  @Test
  void drawsInShades() {
    assertThat(TextImage.lines(DATA, 0, TextImage.Style.SHADES)).containsExactly(" ▒█▒", " ░▒▒");
  }

  @Test
  void drawsInHalfBlocks() {
    assertThat(TextImage.lines(DATA, 0, TextImage.Style.HALF_BLOCKS))
        .containsExactly(" ██▄", " ▀▀▀");
  }

  @Test
  void refusesRowsThatAreNoImages() {
    Dataset rows = Dataset.unlabelled("rows", 1, 1, new byte[1]);
    assertThatThrownBy(() -> TextImage.lines(rows, 0, TextImage.Style.ASCII))
        .hasMessage("rows holds no images of bytes");
  }
}
