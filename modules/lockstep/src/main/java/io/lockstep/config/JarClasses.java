package io.lockstep.config;

import io.lockstep.model.Jar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/**
 * The classes and resources of a run's jars, from memory: what runs is what was verified, nothing
 * lies on a node's disk, and the garbage collector ends it. The program's own classes come first.
 */
final class JarClasses extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> entries;

  /**
   * @throws io.lockstep.model.ModelException if a jar is damaged or has too much in it
   */
  JarClasses(List<Jar> jars, ClassLoader parent) {
    super("jars", parent);
    this.entries = Jar.entries(jars);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] content = entries.get(name.replace('.', '/') + ".class");
    if (content == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, content, 0, content.length);
  }

  @Override
  protected URL findResource(String name) {
    byte[] content = entries.get(name);
    try {
      return content == null
          ? null
          : URL.of(new URI("lockstep-jar", null, "/" + name, null), new Memory(content));
    } catch (URISyntaxException | MalformedURLException noResourceHasSuchName) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return url == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(url));
  }

  /** Opens a resource. */
  private static final class Memory extends URLStreamHandler {

    private final byte[] content;

    Memory(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() throws IOException {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
