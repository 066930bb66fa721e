package io.lockstep.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableTest {

  @Test
  void writesTheDocumentAsItGrows(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("results.md");
    Markdown out = new Markdown(file, new PrintStream(OutputStream.nullOutputStream()));
    out.heading(2, "Steps");
    out.table(new Markdown.Table("network", "ratio").row("W1", "1.85"));
    assertEquals(
        """
        ## Steps

        | network | ratio |
        | --- | --- |
        | W1 | 1.85 |
        """,
        Files.readString(file));
  }

  @Test
  void refusesARowThatLacksACell() {
    Markdown.Table table = new Markdown.Table("network", "ratio");
    assertThrows(IllegalArgumentException.class, () -> table.row("W1"));
  }
}
