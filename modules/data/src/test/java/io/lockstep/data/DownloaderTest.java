package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over real sockets, on this machine alone. */
@Timeout(30)
class DownloaderTest {

  private static final byte[] CONTENT = IdxBytes.images(200);
  private static final byte[] GZ = IdxBytes.gzip(CONTENT);
  private static final RemoteFile FILE = new RemoteFile("file", IdxBytes.sha256(CONTENT), 1 << 20);
  private static final DownloadLimits PATIENT = DownloadLimits.DEFAULT;

  /** Long enough for a busy machine to answer in, where it does answer. */
  private static final DownloadLimits SHORT =
      new DownloadLimits(Duration.ofSeconds(20), Duration.ofMillis(1500), Duration.ofSeconds(20));

  @TempDir Path temp;
  private Path folder;
  private Mirror first;
  private Mirror second;
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void openMirrors() throws IOException {
    folder = temp.resolve("new/cache");
    first = new Mirror();
    second = new Mirror();
    second.serve("file.gz", GZ);
  }

  @AfterEach
  void closeMirrors() {
    first.close();
    second.close();
  }

  private List<String> fetch(DownloadLimits limits, URI... mirrors) throws DownloadFailure {
    return new Downloader(List.of(mirrors), limits, new Listener()).fetch(List.of(FILE), folder);
  }

  private List<String> fetchFromBoth() throws DownloadFailure {
    return fetch(PATIENT, first.uri(), second.uri());
  }

  private void assertFails(DownloadLimits limits, String reason) {
    assertThatThrownBy(() -> fetch(limits, first.uri()))
        .isInstanceOf(DownloadFailure.class)
        .hasMessageStartingWith(first.uri() + "file.gz: " + reason);
    assertThat(folder).isEmptyDirectory();
  }

  private final class Listener implements DownloadProgress {
    @Override
    public void started(URI from) {
      heard.add("started");
    }

    @Override
    public void received(URI from, long bytes, long totalBytes) {
      if (bytes == totalBytes) {
        heard.add("whole");
      }
    }

    @Override
    public void finished(URI from) {
      heard.add("finished");
    }

    @Override
    public void failed(URI from, String reason) {
      heard.add("failed: " + reason);
    }
  }

  private void assertOnlyTheWholeFileIsThere() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString())).containsExactly("file.gz");
    }
    assertThat(folder.resolve("file.gz")).hasBinaryContent(GZ);
  }

  @Test
  void fetchesFromTheFirstMirror() throws Exception {
    first.serve("file.gz", GZ);
    assertThat(fetchFromBoth()).isEmpty();
    assertOnlyTheWholeFileIsThere();
    assertThat(second.requests).hasValue(0);
    assertThat(heard).containsExactly("started", "whole", "finished");
  }

  @Test
  void triesTheNextMirrorWhenOneLacksTheFile() throws Exception {
    String reason = "the server answered with status 404";
    assertThat(fetchFromBoth()).containsExactly(first.uri() + "file.gz: " + reason);
    assertOnlyTheWholeFileIsThere();
    assertThat(heard)
        .containsExactly("started", "failed: " + reason, "started", "whole", "finished");
  }

  @Test
  void refusesAndNamesAWrongChecksum() throws Exception {
    byte[] other = CONTENT.clone();
    other[100] ^= 1;
    first.serve("file.gz", IdxBytes.gzip(other));
    String reason =
        "wrong checksum, expected the SHA-256 %s, but found %s"
            .formatted(FILE.sha256(), IdxBytes.sha256(other));
    assertThatThrownBy(() -> fetch(PATIENT, first.uri()))
        .isInstanceOf(DownloadFailure.class)
        .hasMessage(first.uri() + "file.gz: " + reason);
    assertThat(folder).isEmptyDirectory();
    assertThat(fetchFromBoth()).containsExactly(first.uri() + "file.gz: " + reason);
    assertOnlyTheWholeFileIsThere();
  }

  @Test
  void refusesWhatIsNoGzip() throws Exception {
    first.serve("file.gz", CONTENT);
    assertThat(fetchFromBoth())
        .containsExactly(first.uri() + "file.gz: not valid gzip (Not in GZIP format)");
    assertOnlyTheWholeFileIsThere();
  }

  @Test
  void leavesAServerThatStallsHalfWay() {
    first.stall("file.gz", GZ, 100);
    assertFails(SHORT, "stalled: no byte for 1500 ms after 100 bytes");
  }

  @Test
  void leavesAServerThatNeverAnswers() {
    first.hang("file.gz");
    assertFails(SHORT, "no answer within 1500 ms");
  }

  @Test
  void triesTheNextMirrorWhenOneNeverAnswers() throws Exception {
    first.hang("file.gz");
    assertThat(fetch(SHORT, first.uri(), second.uri()))
        .containsExactly(first.uri() + "file.gz: no answer within 1500 ms");
    assertOnlyTheWholeFileIsThere();
  }

  @Test
  void leavesAServerThatTricklesForTooLong() {
    first.trickle("file.gz", GZ);
    Duration patience = Duration.ofSeconds(20);
    assertFails(
        new DownloadLimits(patience, patience, Duration.ofMillis(300)),
        "not complete within 300 ms, after ");
  }

  @Test
  void leavesATransferThatBreaksOff() throws Exception {
    first.breakOff("file.gz", GZ, GZ.length / 2);
    assertThat(fetchFromBoth().getFirst())
        .startsWith(first.uri() + "file.gz: the transfer broke off (");
    assertOnlyTheWholeFileIsThere();
  }

  @Test
  void leavesAServerThatIsNotThere() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
    assertThat(fetch(PATIENT, nobody, second.uri()))
        .containsExactly(nobody + "file.gz: no connection");
    assertOnlyTheWholeFileIsThere();
  }

  @Test
  void endsWhenItsThreadIsInterrupted() throws Exception {
    first.hang("file.gz");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> fetch(DownloadLimits.DEFAULT, first.uri()))
        .hasMessage(first.uri() + "file.gz: interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAFileThatIsFarTooLarge() {
    second.serve("file.gz", new byte[(1 << 20) + 1]);
    DownloadProgress silent = DownloadProgress.SILENT;
    assertThatThrownBy(
            () ->
                new Downloader(List.of(second.uri()), PATIENT, silent).fetch(List.of(FILE), folder))
        .hasMessage(second.uri() + "file.gz: larger than the 1048576 bytes expected at most");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesEveryMirrorThatFailed() {
    second.serve("file.gz", CONTENT);
    assertThatThrownBy(this::fetchFromBoth)
        .hasMessage(
            "%sfile.gz: the server answered with status 404; %sfile.gz: not valid gzip (Not in GZIP format)"
                .formatted(first.uri(), second.uri()));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhenTheCacheCannotBeWritten() {
    IdxBytes.write(temp.resolve("new"), new byte[1]); // a file where a folder is needed
    assertThatThrownBy(this::fetchFromBoth)
        .isInstanceOf(DownloadFailure.class)
        .hasMessageStartingWith(folder + " cannot be written (");
  }
}
