package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The order of the search, and the way to the cache, with a tiny MNIST. */
@Timeout(30)
class MnistSourceTest {

  private static final String FOUR =
      "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte";

  @TempDir Path temp;
  private Path dir;
  private Path data;
  private Path cache;
  private Mirror mirror;
  private MnistSource source;
  private DataRequest request;

  @BeforeEach
  void open() throws IOException {
    dir = temp.resolve("dir");
    data = temp.resolve("data");
    cache = temp.resolve("cache/lockstep/mnist");
    mirror = new Mirror();
    source = new MnistSource(List.of(mirror.uri()), IdxBytes.remoteFiles());
    DataEnvironment environment =
        new DataEnvironment(
            Map.of(
                "LOCKSTEP_DATA",
                data.toString(),
                "XDG_CACHE_HOME",
                temp.resolve("cache").toString()),
            temp.resolve("home"),
            "Linux");
    request =
        new DataRequest(null, environment, true, DownloadLimits.DEFAULT, DownloadProgress.SILENT);
  }

  @AfterEach
  void close() {
    mirror.close();
  }

  private void serveAll() {
    for (int i = 0; i < 4; i++) {
      mirror.serve(IdxBytes.remoteFiles().get(i).gzName(), IdxBytes.gzip(IdxBytes.mnist().get(i)));
    }
  }

  private void assertLoadedFrom(Path folder, DataRequest from) {
    TrainTest sets = source.load(from);
    assertThat(sets.origin()).isEqualTo(folder.toString());
    assertThat(sets.train().rows()).isEqualTo(3);
    assertThat(sets.train().label(0)).isEqualTo(7);
    assertThat(sets.test().rows()).isEqualTo(2);
    assertThat(sets.test().image()).isEqualTo(new ImageShape(28, 28));
  }

  @Test
  void looksFirstInTheFolderThatTheUserNamed() {
    IdxBytes.writeMnist(dir, false);
    IdxBytes.writeMnist(data.resolve("mnist"), true);
    assertLoadedFrom(dir, request.withDir(dir));
    assertThat(source.whereabouts(request.withDir(dir))).isEqualTo(dir.toString());
  }

  @Test
  void looksThenInLockstepData() {
    IdxBytes.writeMnist(data.resolve("mnist"), true);
    IdxBytes.writeMnist(cache, true);
    assertLoadedFrom(data.resolve("mnist"), request);
    assertThat(source.whereabouts(request)).isEqualTo(data.resolve("mnist").toString());
  }

  @Test
  void looksThenInTheCache() {
    IdxBytes.writeMnist(cache, true);
    assertLoadedFrom(cache, request.offline());
    assertThat(mirror.requests).hasValue(0);
  }

  @Test
  void downloadsIntoTheCacheWhenItIsNowhere() throws IOException {
    serveAll();
    assertThat(source.whereabouts(request))
        .isEqualTo("not on this machine; would be downloaded to " + cache);
    assertLoadedFrom(cache, request);
    assertThat(mirror.requests).hasValue(4);
    assertThat(source.whereabouts(request)).isEqualTo(cache.toString());
    assertLoadedFrom(cache, request);
    assertThat(mirror.requests).hasValue(4);
    try (var files = Files.list(cache)) {
      assertThat(files).hasSize(4);
    }
  }

  @Test
  void downloadsOnlyWhatTheCacheLacks() throws IOException {
    IdxBytes.writeMnist(cache, true);
    Files.delete(cache.resolve("t10k-labels-idx1-ubyte.gz"));
    serveAll();
    assertLoadedFrom(cache, request);
    assertThat(mirror.requests).hasValue(1);
  }

  @Test
  void neverLeavesTheFolderThatTheUserNamed() {
    IdxBytes.writeMnist(cache, true);
    serveAll();
    String expected =
        dir
            + ": found neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz there;"
            + " mnist needs the four files "
            + FOUR
            + ", gzipped or not";
    assertThatThrownBy(() -> source.load(request.withDir(dir)))
        .isInstanceOf(DataException.class)
        .hasMessage(expected);
    assertThat(mirror.requests).hasValue(0);
  }

  @Test
  void namesTheFileMissingFromLockstepData() throws IOException {
    Path folder = data.resolve("mnist");
    IdxBytes.writeMnist(folder, true);
    Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
    assertThatThrownBy(() -> source.load(request))
        .hasMessageStartingWith(
            folder
                + ": found neither train-labels-idx1-ubyte nor train-labels-idx1-ubyte.gz there; ");
  }

  @Test
  void saysOfflineWhereItLookedAndWhatToDo() {
    mirror.close();
    assertThatThrownBy(() -> source.load(request))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "mnist: not found in \\Q%s\\E \\(from LOCKSTEP_DATA\\) nor in \\Q%s\\E, and downloading failed:"
                    .formatted(data.resolve("mnist"), cache)
                + " \\Q%s\\Etrain-images-idx3-ubyte.gz: no connection;".formatted(mirror.uri())
                + " put the four files %s \\(with or without .gz\\) into one of these folders,"
                    .formatted(FOUR)
                + " or name theirs by data.dir");
  }

  @Test
  void saysSoWhenLockstepDataIsNotSet() {
    DataEnvironment bare = new DataEnvironment(Map.of(), temp.resolve("home"), "Linux");
    DataRequest offline =
        new DataRequest(null, bare, false, DownloadLimits.DEFAULT, DownloadProgress.SILENT);
    assertThatThrownBy(() -> source.load(offline))
        .hasMessageStartingWith(
            "mnist: not found in $LOCKSTEP_DATA/mnist (LOCKSTEP_DATA is not set) nor in "
                + temp.resolve("home/.cache/lockstep/mnist")
                + ", and downloading is switched off; put the four files ");
  }

  @Test
  void refusesADownloadWithAWrongSum() {
    serveAll();
    mirror.serve("t10k-images-idx3-ubyte.gz", IdxBytes.gzip(IdxBytes.images(2, 28, 27)));
    assertThatThrownBy(() -> source.load(request))
        .hasMessageContaining(
            mirror.uri() + "t10k-images-idx3-ubyte.gz: wrong checksum, expected the SHA-256 ");
  }

  @Test
  void verifiesThePublishedSums() {
    IdxBytes.writeMnist(dir, false);
    assertThat(source.verify(request.withDir(dir))).isEmpty();
    Path labels = IdxBytes.write(dir.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(1, 3));
    assertThat(source.verify(request.withDir(dir)))
        .containsExactly(
            "%s: expected the SHA-256 %s of the published file, but found %s"
                .formatted(
                    labels,
                    IdxBytes.remoteFiles().get(3).sha256(),
                    IdxBytes.sha256(IdxBytes.labels(1, 3))));
  }

  @Test
  void refusesImagesOfAnotherShape() {
    IdxBytes.writeMnist(dir, false);
    Path images =
        IdxBytes.write(dir.resolve("train-images-idx3-ubyte"), IdxBytes.images(3, 28, 27));
    assertThatThrownBy(() -> source.load(request.withDir(dir)))
        .hasMessage(images + ": expected images of 28x28 pixels, but found 27x28");
  }
}
