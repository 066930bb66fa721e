package io.lockstep.wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that processes of one machine and one user share: a file of Linux that has no name and no
 * place on a disk ({@code memfd_create(2)}), mapped. A peer opens it through the descriptor of the
 * process that made it, in /proc. So nothing is left over whatever process dies, no limit of a
 * mounted file system applies, and who may not look into the process gets nothing.
 *
 * <p>Where there is no such thing (another system, another user, a container whose processes are
 * not seen), floats travel in the frames instead.
 */
final class SharedMemory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);
  private static final Pattern NAME = Pattern.compile("/proc/[0-9]+/fd/[0-9]+");
  private static final int CLOSE_ON_EXEC = 1;
  private static final Optional<MethodHandle> CREATE =
      function("memfd_create", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final Optional<MethodHandle> CLOSE = function("close", ValueLayout.JAVA_INT);

  private final Arena arena = Arena.ofShared();
  private final String name;
  private final MemorySegment bytes;
  private int descriptor;

  private SharedMemory(String name, int descriptor, long size) throws IOException {
    this.name = name;
    this.descriptor = descriptor;
    try (FileChannel file =
        FileChannel.open(Path.of(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (descriptor < 0 && file.size() != size) {
        throw new IOException(name + ": expected " + size + " bytes, found " + file.size());
      }
      this.bytes = file.map(MapMode.READ_WRITE, 0, size, arena); // Makes a new one that long.
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Optional<MethodHandle> function(String name, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(f -> linker.downcallHandle(f, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments)));
  }

  /** Makes memory of zeros; empty where the system has none to share. */
  static Optional<SharedMemory> create(long size) {
    int descriptor = -1;
    try (Arena call = Arena.ofConfined()) {
      if (CREATE.isPresent() && CLOSE.isPresent()) {
        descriptor = (int) CREATE.get().invokeExact(call.allocateFrom("lockstep"), CLOSE_ON_EXEC);
      }
      if (descriptor < 0) {
        return Optional.empty();
      }
      String name = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
      return Optional.of(new SharedMemory(name, descriptor, size));
    } catch (Throwable e) { // What a method handle is declared to throw.
      LOG.info("data plane: no shared memory: {}", e.toString());
      close(descriptor);
      return Optional.empty();
    }
  }

  /**
   * Opens what a peer has made.
   *
   * @param name as of {@link #name}
   * @throws IOException if it cannot be opened from here, or is not that long
   */
  static SharedMemory open(String name, long size) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException("expected shared memory of a process, found " + name);
    }
    return new SharedMemory(name, -1, size);
  }

  /** What a peer opens it by, as long as {@link #closeToPeers} was not called. */
  String name() {
    return name;
  }

  MemorySegment bytes() {
    return bytes;
  }

  /** Lets nobody else open it. */
  synchronized void closeToPeers() {
    close(descriptor);
    descriptor = -1;
  }

  private static void close(int descriptor) {
    if (descriptor >= 0) {
      try {
        int _ = (int) CLOSE.orElseThrow().invokeExact(descriptor);
      } catch (Throwable e) { // As above.
        LOG.warn("data plane: cannot close shared memory: {}", e.toString());
      }
    }
  }

  /** Unmaps it: whoever touches it afterwards gets an exception. */
  @Override
  public void close() {
    closeToPeers();
    arena.close();
  }
}
