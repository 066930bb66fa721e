package io.lockstep.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MNIST digits of LeCun, Cortes and Burges: four IDX files, gzipped or not, in the folder that
 * the user named, else in {@code $LOCKSTEP_DATA/mnist}, else in the user's cache, where they are
 * downloaded to if they are nowhere.
 *
 * <p>A folder that the user named is never left for another one: what is missing there is an error.
 * Sums are checked when files are downloaded and by {@link #verify}, not at each load; each gzipped
 * file still has its own CRC.
 */
public final class MnistSource implements DatasetSource {

  private static final Logger LOG = LoggerFactory.getLogger(MnistSource.class);
  private static final ImageShape SHAPE = new ImageShape(28, 28);
  private static final int CLASSES = 10;
  private static final int TRAIN_IMAGES = 0;
  private static final int TRAIN_LABELS = 1;
  private static final int TEST_IMAGES = 2;
  private static final int TEST_LABELS = 3;

  private final List<URI> mirrors;
  private final List<RemoteFile> files;

  /**
   * A source with mirrors and files of its own, for instance another set in MNIST's format.
   *
   * @param mirrors folders that hold the gzipped files, tried in order; each ends with a slash
   * @param files training images, training labels, test images, test labels
   */
  public MnistSource(List<URI> mirrors, List<RemoteFile> files) {
    if (files.size() != 4) {
      throw new IllegalArgumentException("files: expected 4, but found " + files.size());
    }
    this.mirrors = List.copyOf(mirrors);
    this.files = List.copyOf(files);
  }

  /** The published files and their public mirrors. */
  public static MnistSource published() {
    return new MnistSource(
        List.of(
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")),
        List.of(
            new RemoteFile(
                "train-images-idx3-ubyte",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                16 << 20),
            new RemoteFile(
                "train-labels-idx1-ubyte",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                1 << 20),
            new RemoteFile(
                "t10k-images-idx3-ubyte",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                16 << 20),
            new RemoteFile(
                "t10k-labels-idx1-ubyte",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                1 << 20)));
  }

  @Override
  public String name() {
    return "mnist";
  }

  @Override
  public String description() {
    return "handwritten digits, 28x28 grey pixels, 10 classes (LeCun, Cortes, Burges)";
  }

  @Override
  public int trainRows() {
    return 60_000;
  }

  @Override
  public int testRows() {
    return 10_000;
  }

  @Override
  public String whereabouts(DataRequest request) {
    Path folder = folderWithAny(request);
    Path cache = request.environment().cacheFolder(name());
    return folder != null
        ? folder.toString()
        : "not on this machine; would be downloaded to " + cache;
  }

  @Override
  public TrainTest load(DataRequest request) {
    Path folder = folder(request);
    List<Path> paths = new ArrayList<>();
    for (RemoteFile file : files) {
      paths.add(existing(folder, file));
    }
    return new TrainTest(
        IdxDataset.read(
            "mnist-train", paths.get(TRAIN_IMAGES), paths.get(TRAIN_LABELS), SHAPE, CLASSES),
        IdxDataset.read(
            "mnist-test", paths.get(TEST_IMAGES), paths.get(TEST_LABELS), SHAPE, CLASSES),
        folder.toString());
  }

  /**
   * Checks the published sums of the files that {@link #load} would read.
   *
   * @return a line for each file that differs: empty if all are as published
   * @throws DataException if a file is absent or cannot be read
   */
  public List<String> verify(DataRequest request) {
    Path folder = folder(request);
    List<String> differing = new ArrayList<>();
    for (RemoteFile file : files) {
      Path path = existing(folder, file);
      String found = sha256(path);
      if (!found.equals(file.sha256())) {
        differing.add(
            "%s: expected the SHA-256 %s of the published file, but found %s"
                .formatted(path, file.sha256(), found));
      }
    }
    return differing;
  }

  /**
   * The folder to read from; downloads what the cache lacks if no other folder has any of the
   * files.
   */
  private Path folder(DataRequest request) {
    Path cache = request.environment().cacheFolder(name());
    Path folder = folderWithAny(request);
    if (request.dir() != null || (folder != null && !folder.equals(cache))) {
      return folder != null ? folder : request.dir();
    }
    List<RemoteFile> missing = files.stream().filter(file -> find(cache, file) == null).toList();
    if (!missing.isEmpty()) {
      download(missing, cache, request);
    }
    return cache;
  }

  private void download(List<RemoteFile> missing, Path cache, DataRequest request) {
    if (!request.mayDownload()) {
      throw new DataException(notFound(request, "downloading is switched off"));
    }
    try {
      List<String> failures =
          new Downloader(mirrors, request.limits(), request.progress()).fetch(missing, cache);
      failures.forEach(failure -> LOG.warn("a mirror failed, the next one did not: {}", failure));
      LOG.info("downloaded {} files of {} to {}", missing.size(), name(), cache);
    } catch (DownloadFailure e) {
      throw new DataException(notFound(request, "downloading failed: " + e.getMessage()), e);
    }
  }

  private String notFound(DataRequest request, String download) {
    Path data = request.environment().dataFolder(name());
    String variable =
        data == null
            ? "$LOCKSTEP_DATA/mnist (LOCKSTEP_DATA is not set)"
            : data + " (from LOCKSTEP_DATA)";
    return ("mnist: not found in %s nor in %s, and %s; put the four files %s (with or without .gz)"
            + " into one of these folders, or name theirs by data.dir")
        .formatted(variable, request.environment().cacheFolder(name()), download, fileNames());
  }

  /** The first folder, in the order of the search, that has any of the files; null if none has. */
  private Path folderWithAny(DataRequest request) {
    List<Path> folders = new ArrayList<>();
    if (request.dir() != null) {
      folders.add(request.dir());
    } else {
      folders.add(request.environment().dataFolder(name()));
      folders.add(request.environment().cacheFolder(name()));
    }
    for (Path folder : folders) {
      if (folder != null && files.stream().anyMatch(file -> find(folder, file) != null)) {
        return folder;
      }
    }
    return null;
  }

  private Path existing(Path folder, RemoteFile file) {
    Path path = find(folder, file);
    if (path == null) {
      throw new DataException(
          "%s: found neither %s nor %s there; mnist needs the four files %s, gzipped or not"
              .formatted(folder, file.name(), file.gzName(), fileNames()));
    }
    return path;
  }

  private String fileNames() {
    return String.join(", ", files.stream().map(RemoteFile::name).toList());
  }

  private static Path find(Path folder, RemoteFile file) {
    for (String name : List.of(file.name(), file.gzName())) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    return null;
  }

  private static String sha256(Path path) {
    MessageDigest digest = Digests.sha256();
    try (InputStream in = IdxFile.open(path)) {
      new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
      return Digests.hex(digest);
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read (" + e + ")", e);
    }
  }
}
