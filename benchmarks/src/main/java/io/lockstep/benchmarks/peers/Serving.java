package io.lockstep.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The answering side of a {@link Contestant}, in a JVM of its own. */
public final class Serving {

  private Serving() {}

  /** Answers a request. */
  @FunctionalInterface
  public interface Answer {
    /**
     * @param words of the request
     */
    double to(String[] words) throws Exception;
  }

  /** Says {@code greeting}, then answers requests until there are no more. */
  public static void serve(String greeting, Answer answer) throws Exception {
    System.out.println(greeting);
    BufferedReader in = requests();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(answer.to(line.split(" ")));
    }
  }

  private static BufferedReader requests() throws IOException {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  /**
   * Does {@code work} again and again for about {@code seconds}, and returns how many seconds one
   * takes. The clock is read as often as it takes no part of the time.
   */
  public static double secondsOf(Runnable work, double seconds) {
    long begin = System.nanoTime();
    long limit = (long) (seconds * 1e9);
    long done = 0;
    long stretch = 1;
    long passed;
    do {
      for (long i = 0; i < stretch; i++) {
        work.run();
      }
      done += stretch;
      passed = System.nanoTime() - begin;
      stretch = passed * 16 < limit ? stretch * 2 : stretch;
    } while (passed < limit);
    return passed * 1e-9 / done;
  }
}
