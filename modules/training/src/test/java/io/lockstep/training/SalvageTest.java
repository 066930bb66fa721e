package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SalvageTest {

  private final Salvage<String> salvage = new Salvage<>(2);

  private static ShardCopy copy(int shard, Long... versions) {
    return new ShardCopy(shard, 0, List.of(versions));
  }

  private Salvage.Choice<String> choice() {
    return salvage.choice().orElseThrow();
  }

  private static BitSet buckets(int... numbers) {
    BitSet set = new BitSet();
    for (int number : numbers) {
      set.set(number);
    }
    return set;
  }

  @Test
  void goesOnWhereAllAre() {
    salvage.offer("server", true, copy(0, 7L, 7L));
    assertThat(salvage.choice()).isEmpty();

    salvage.offer("standby", false, copy(1, 7L));

    assertThat(choice())
        .isEqualTo(new Salvage.Choice<>(7, buckets(), List.of(), List.of("server", "standby")));
    assertThat(choice().next()).isEqualTo(7);
  }

  @Test
  void theLeastVersionCountsAndOthersAreAhead() {
    salvage.offer("a", true, copy(1, 8L, 7L, 8L));
    salvage.offer("b", true, copy(0, 8L, 8L));

    assertThat(choice())
        .isEqualTo(new Salvage.Choice<>(7, buckets(0, 1, 2, 4), List.of(), List.of("b", "a")));
    assertThat(choice().next()).isEqualTo(8);
  }

  /** They were measured on a state that is gone where a bucket is ahead. */
  @Test
  void theTotalsOfTheStepThatIsDoneAgainComeWithTheCopies() {
    List<Double> newest = List.of(3.0, 4.0);
    salvage.offer("behind", true, new ShardCopy(0, 0, List.of(7L), 6, List.of(1.0, 2.0)));
    salvage.offer("ahead", true, new ShardCopy(1, 0, List.of(8L, 7L), 7, newest));

    assertThat(choice())
        .isEqualTo(new Salvage.Choice<>(7, buckets(1), newest, List.of("behind", "ahead")));
  }

  @Test
  void aServerIsAskedBeforeAStandbyAndOfTwoStandbysTheNewer() {
    salvage.offer("old", false, copy(0, 3L));
    salvage.offer("standby", false, copy(0, 8L));
    salvage.offer("given up", false, copy(1, 9L));
    salvage.offer("server", true, copy(1, 8L));

    assertThat(choice().holders()).containsExactly("standby", "server");
  }

  @Test
  void whatIsTooFarApartDoesNotFit() {
    salvage.offer("a", true, copy(0, 9L));
    salvage.offer("old", false, copy(1, 7L));
    assertThat(salvage.choice()).isEmpty();

    salvage.offer("b", true, copy(1, 8L));

    assertThat(choice().version()).isEqualTo(8);
  }

  /** A standby that was filled at version 8 has the weights of no version before. */
  @Test
  void aStandbyGoesBackToNoVersionFromBeforeItWasFilled() {
    salvage.offer("filled late", false, new ShardCopy(0, 8, List.of(8L)));
    salvage.offer("b", true, copy(1, 7L));
    assertThat(salvage.choice()).isEmpty();

    salvage.offer("b", true, copy(1, 8L));

    assertThat(choice().version()).isEqualTo(8);
  }
}
