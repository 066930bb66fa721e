package io.lockstep.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Fetches files from the first mirror that has them right. Blocks the calling thread for no longer
 * than the limits say per file and mirror; an interrupt ends it.
 *
 * <p>A file is written beside its place, checked against its SHA-256, and only then moved there in
 * one step: what is in the folder is whole, whoever was killed on the way.
 */
final class Downloader {

  private final List<URI> mirrors;
  private final DownloadLimits limits;
  private final DownloadProgress progress;

  /**
   * A downloader.
   *
   * @param mirrors folders, tried in order; each ends with a slash
   */
  Downloader(List<URI> mirrors, DownloadLimits limits, DownloadProgress progress) {
    this.mirrors = List.copyOf(mirrors);
    this.limits = limits;
    this.progress = progress;
  }

  /**
   * Makes {@code folder/<name>.gz} of each file.
   *
   * @return one line per mirror and file that failed, for information
   * @throws DownloadFailure if some file could be had from no mirror
   */
  List<String> fetch(List<RemoteFile> files, Path folder) throws DownloadFailure {
    List<String> failures = new ArrayList<>();
    HttpClient client = client();
    try {
      Files.createDirectories(folder);
      for (RemoteFile file : files) {
        if (!fetchFromAny(client, file, folder, failures)) {
          throw new DownloadFailure(failures);
        }
      }
    } catch (IOException e) {
      throw new DownloadFailure(List.of(folder + " cannot be written (" + e + ")"));
    } finally {
      client.shutdownNow();
      client.close();
    }
    return failures;
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .connectTimeout(limits.connect())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  private boolean fetchFromAny(
      HttpClient client, RemoteFile file, Path folder, List<String> failures) throws IOException {
    for (URI mirror : mirrors) {
      URI from = mirror.resolve(file.gzName());
      Path part = Files.createTempFile(folder, file.gzName() + "-", ".part");
      try {
        progress.started(from);
        download(client, from, part, file.maxBytes());
        verify(part, file);
        moveInPlace(part, folder.resolve(file.gzName()));
        progress.finished(from);
        return true;
      } catch (Refused e) {
        progress.failed(from, e.getMessage());
        failures.add(from + ": " + e.getMessage());
      } finally {
        Files.deleteIfExists(part);
      }
    }
    return false;
  }

  private void download(HttpClient client, URI from, Path part, long maxBytes) throws Refused {
    HttpRequest request = HttpRequest.newBuilder(from).timeout(limits.stall()).build();
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body();
          Watchdog watchdog = new Watchdog(limits, body)) {
        if (response.statusCode() != 200) {
          throw new Refused("the server answered with status " + response.statusCode());
        }
        long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        copy(from, body, watchdog, part, total, maxBytes);
      }
    } catch (HttpConnectTimeoutException e) {
      throw new Refused("no connection within " + text(limits.connect()));
    } catch (HttpTimeoutException e) {
      throw new Refused("no answer within " + text(limits.stall()));
    } catch (ConnectException | UnresolvedAddressException e) {
      throw new Refused("no connection");
    } catch (IOException e) {
      throw new Refused("the transfer broke off (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    }
  }

  private void copy(
      URI from, InputStream body, Watchdog watchdog, Path part, long total, long maxBytes)
      throws IOException, Refused {
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    try (OutputStream out = Files.newOutputStream(part)) {
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        watchdog.fed();
        bytes += n;
        if (bytes > maxBytes) {
          throw new Refused("larger than the %d bytes expected at most".formatted(maxBytes));
        }
        out.write(buffer, 0, n);
        progress.received(from, bytes, total);
      }
    } catch (IOException e) {
      if (!watchdog.expired()) {
        throw e;
      }
    }
    if (watchdog.expired()) {
      throw new Refused(watchdog.reason(bytes));
    }
  }

  private static void verify(Path part, RemoteFile file) throws Refused {
    String found;
    try {
      found = sha256OfContent(part);
    } catch (IOException e) {
      throw new Refused("not valid gzip (" + e.getMessage() + ")");
    }
    if (!found.equals(file.sha256())) {
      throw new Refused(
          "wrong checksum, expected the SHA-256 %s, but found %s".formatted(file.sha256(), found));
    }
  }

  /** SHA-256 of what a gzipped file holds. */
  static String sha256OfContent(Path gz) throws IOException {
    MessageDigest digest = Digests.sha256();
    try (InputStream in =
        new DigestInputStream(new GZIPInputStream(Files.newInputStream(gz), 1 << 16), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digests.hex(digest);
  }

  private static void moveInPlace(Path part, Path to) throws IOException {
    try {
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static String text(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  /** One mirror's file is no good; the message says why. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null, false, false);
    }
  }
}
