package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Training on a CSV file and predicting another, as the command does it. */
@Timeout(60)
class TableCommandsTest {

  @TempDir Path folder;
  private Path run;

  @BeforeEach
  void train() throws IOException {
    StringBuilder csv = new StringBuilder("kind,x,size\n");
    for (int i = 0; i < 90; i++) {
      csv.append(i % 3 == 0 ? "small" : "\"big, red\"")
          .append(',')
          .append(i % 3 * 2 + 0.1 * (i % 5));
      csv.append(i % 30 == 4 ? ",\n" : ",s" + i % 2 + "\n");
    }
    Files.writeString(folder.resolve("train.csv"), csv);
    Path conf =
        Files.writeString(
            folder.resolve("table.conf"),
            """
            data { name = table, scaling = standardize, dir = "%s" }
            data.table { file = train.csv, formula = "kind ~ x * size" }
            optimizer.learningRate = 0.1
            """
                .formatted(folder.toString().replace('\\', '/')));
    run = folder.resolve("run");
    CommandLineRun trained = CommandLineRun.of("train", conf.toString(), "--out", run.toString());
    assertThat(trained.exitCode()).as(trained.err()).isZero();
  }

  private CommandLineRun predict(String csv) throws IOException {
    Path file = Files.writeString(folder.resolve("new.csv"), csv);
    return CommandLineRun.of("predict", run.toString(), file.toString());
  }

  @Test
  void predictsRawCsv() throws IOException {
    CommandLineRun predicted = predict("size;x;note\ns1;0.1;a\n;3;b\ns0;4;c\n");
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();
    assertThat(predicted.lines().getFirst()).isEqualTo("row,class,\"p(big, red)\",p(small)");
    assertThat(predicted.lines().get(1)).startsWith("0,small,");
    assertThat(predicted.lines().get(2)).isEqualTo("1,NA,NA,NA");
    assertThat(predicted.lines().get(3)).startsWith("2,\"big, red\",");
    assertThat(predicted.err())
        .startsWith("warning: ")
        .contains("new.csv: 1 of 3 rows left out, since cells are missing: 1 in size");
  }

  @Test
  void saysWhereItLookedForAFile() {
    CommandLineRun none = CommandLineRun.of("predict", run.toString(), "no/such.csv");
    assertThat(none.exitCode()).isEqualTo(2);
    String shared = System.getenv("LOCKSTEP_DATA");
    assertThat(none.err())
        .contains("no/such.csv: there is no such file")
        .contains(
            shared == null || shared.isBlank()
                ? "(LOCKSTEP_DATA is not set)"
                : "looked for no/such.csv, " + Path.of(shared, "no/such.csv"));
  }

  @Test
  void writesNaWhereAllRowsAreIncomplete() throws IOException {
    CommandLineRun none = predict("size,x\ns1,\n,0.5\n");
    assertThat(none.exitCode()).as(none.err()).isZero();
    assertThat(none.lines().subList(1, 3)).containsExactly("0,NA,NA,NA", "1,NA,NA,NA");
  }

  @Test
  void showsCoefficientsByTheirNames() {
    CommandLineRun shown = CommandLineRun.of("coefficients", run.toString());
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.lines())
        .startsWith("small, as against big, red:")
        .contains("warning: perfect separation: x splits the classes");
    assertThat(shown.lines().subList(2, 6))
        .extracting(line -> line.split(" ")[0])
        .containsExactly("(Intercept)", "x", "sizes1", "x:sizes1");
  }

  @Test
  void refusesCellsAndLevelsWithTheirLine() throws IOException {
    CommandLineRun noNumber = predict("size,x\ns1,0.1\ns0,two\n");
    assertThat(noNumber.exitCode()).isEqualTo(2);
    assertThat(noNumber.err())
        .contains("new.csv:3: column x: expected a finite number but found 'two'");
    CommandLineRun unseen = predict("size,x\ns1,0.1\ns7,2\n");
    assertThat(unseen.exitCode()).isEqualTo(2);
    assertThat(unseen.err())
        .contains("new.csv:3: column size: 's7' is none of the levels")
        .contains("s0, s1");
    CommandLineRun noColumn = predict("Size,x\ns1,0.1\n");
    assertThat(noColumn.exitCode()).isEqualTo(2);
    assertThat(noColumn.err()).contains("there is no column 'size'; did you mean 'Size'?");
  }
}
