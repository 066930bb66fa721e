package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import io.lockstep.cluster.RunSpec.JarLabel;
import io.lockstep.model.Jar;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JarFetchTest {

  private static final int SIZE = 2 * JarFetch.PART_BYTES + 17;
  private static final Jar FIRST = Jar.of("first.jar", random(1));
  private static final Jar SECOND = Jar.of("second.jar", random(2));

  private static byte[] random(int seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static JarFetch fetch() {
    return new JarFetch(List.of(JarLabel.of(FIRST), JarLabel.of(SECOND)));
  }

  /** What a driver that has {@code jars} answers to the next question. */
  private static Node.JarPart answer(JarFetch fetch, List<Jar> jars) {
    Driver.SendJarPart wanted = fetch.next(null);
    Jar jar = jars.get(wanted.jar());
    int to = Math.min(wanted.at() + JarFetch.PART_BYTES, jar.bytes());
    return part(wanted.jar(), wanted.at(), jar, to);
  }

  private static Node.JarPart part(int index, int at, Jar jar, int to) {
    return new Node.JarPart(1, index, at, ByteString.fromByteBuffer(jar.content(at, to)));
  }

  @Test
  void putsPartsTogetherAndDropsThoseThatItDidNotAskFor() {
    JarFetch fetch = fetch();
    List<Jar> jars = List.of(FIRST, SECOND);

    for (int parts = 0; parts < 6; parts++) {
      assertThat(fetch.complete()).isFalse();
      Node.JarPart part = answer(fetch, jars);
      assertThat(fetch.accept(part(1 - part.jar(), part.at(), SECOND, SIZE))).isFalse();
      assertThat(fetch.accept(part(part.jar(), part.at() + 1, FIRST, SIZE))).isFalse();
      assertThat(
              fetch.accept(
                  new Node.JarPart(1, part.jar(), part.at(), ByteString.emptyByteString())))
          .isFalse();
      assertThat(fetch.accept(part)).isTrue();
      assertThat(fetch.accept(part)).isFalse();
    }

    assertThat(fetch.complete()).isTrue();
    assertThat(fetch.verified()).isEqualTo(jars);
  }

  @Test
  void refusesAPartThatIsLargerThanWhatIsMissing() {
    JarFetch fetch = new JarFetch(List.of(new JarLabel("small.jar", 10, FIRST.sha256())));

    assertThat(fetch.accept(part(0, 0, FIRST, 11))).isFalse();
    assertThat(fetch.accept(part(0, 0, FIRST, 10))).isTrue();
  }

  @Test
  void refusesAJarWithAnotherDigest() {
    JarFetch fetch = new JarFetch(List.of(JarLabel.of(FIRST)));
    while (!fetch.complete()) {
      fetch.accept(answer(fetch, List.of(SECOND)));
    }

    assertThatThrownBy(fetch::verified)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first.jar: expected sha256 %s but found %s", FIRST.sha256(), SECOND.sha256());
  }

  @Test
  void refusesMoreThanARunMayHaveBeforeItAllocates() {
    JarLabel half = new JarLabel("half.jar", Jar.MOST_BYTES / 2 + 1, "ab");

    assertThatThrownBy(() -> new JarFetch(List.of(half, half)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("jars: expected at most 64 of 67108864 bytes together but found 2 of 67108866");
  }
}
