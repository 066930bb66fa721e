package io.lockstep.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on a free port of this machine, whose files answer in good ways and bad. */
final class Mirror implements AutoCloseable {

  /** How a file is answered. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  final AtomicInteger requests = new AtomicInteger();

  Mirror() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/data/");
  }

  void on(String file, Answer answer) {
    answers.put("/data/" + file, answer);
  }

  /** Serves a file whole. */
  void serve(String file, byte[] content) {
    on(
        file,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        });
  }

  /** Serves the first bytes of a file, then nothing more until the mirror is closed. */
  void stall(String file, byte[] content, int bytes) {
    on(
        file,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, bytes);
          exchange.getResponseBody().flush();
          closed.await();
        });
  }

  /** Serves a file byte by byte, about 200 a second. */
  void trickle(String file, byte[] content) {
    on(
        file,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          for (int at = 0; at < content.length && !closed.await(5, TimeUnit.MILLISECONDS); at++) {
            exchange.getResponseBody().write(content[at]);
            exchange.getResponseBody().flush();
          }
        });
  }

  /** Never answers. */
  void hang(String file) {
    on(file, exchange -> closed.await());
  }

  /** Serves the first bytes of a file, then breaks the connection. */
  void breakOff(String file, byte[] content, int bytes) {
    on(
        file,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, bytes);
        });
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      Answer answer = answers.get(exchange.getRequestURI().getPath());
      if (answer == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        answer.to(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
