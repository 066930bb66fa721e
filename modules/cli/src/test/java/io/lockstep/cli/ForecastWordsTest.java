package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.forecast.Stragglers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ITypeConverter;

final class ForecastWordsTest {

  @Test
  void readsNodes() {
    var nodes = new ForecastWords.OfNodes();
    assertThat(nodes.convert("8").all()).containsExactly(8);
    assertThat(nodes.convert("8,1,2").all()).containsExactly(1, 2, 8);
    assertThat(nodes.convert("1..16").all()).containsExactly(1, 2, 4, 8, 16);
    assertThat(nodes.convert("3..10").all()).containsExactly(3, 6, 10);
    assertThat(nodes.convert("1..4,100").all()).containsExactly(1, 2, 4, 100);
  }

  @ParameterizedTest
  @CsvSource({"100Mbit,1e8", "10Gbit,1e10", "2.5Gbit/s,2.5e9", "56kbit,56e3", "800bit,800"})
  void readsBandwidths(String word, double bits) {
    assertThat(new ForecastWords.OfBandwidth().convert(word)).isEqualTo(bits);
  }

  @ParameterizedTest
  @CsvSource({"50us,5e4", "50µs,5e4", "1ms,1e6", "0s,0", "60s,6e10", "90min,5.4e12", "1h,3.6e12"})
  void readsTimes(String word, double nanos) {
    assertThat(new ForecastWords.OfTime().convert(word)).isEqualTo(nanos);
  }

  @Test
  void readsRates() {
    assertThat(new ForecastWords.OfRate().convert("1/1000h")).isEqualTo(1e-3);
    assertThat(new ForecastWords.OfRate().convert("3/2h")).isEqualTo(1.5);
  }

  @Test
  void readsStragglers() {
    var stragglers = new ForecastWords.OfStragglers();
    assertThat(stragglers.convert("none")).isEqualTo(new Stragglers.None());
    assertThat(stragglers.convert("lognormal:0.2")).isEqualTo(new Stragglers.LogNormal(0.2));
    assertThat(stragglers.convert("slow:2:1/16")).isEqualTo(new Stragglers.Slow(2, 0.0625));
    assertThat(stragglers.convert("slow:1.5:0.25")).isEqualTo(new Stragglers.Slow(1.5, 0.25));
  }

  @Test
  void readsServersAndCompression() {
    assertThat(new ForecastWords.OfServers().convert("auto")).isZero();
    assertThat(new ForecastWords.OfServers().convert("12")).isEqualTo(12);
    assertThat(new ForecastWords.OfCompression().convert("bf16")).isEqualTo("bfloat16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "2..1", "1..", "1,,2", "-1", "1..70000", "x"})
  void refusesNodes(String word) {
    refuses(new ForecastWords.OfNodes(), word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "Gbit", "10GB", "0Gbit", "-1Gbit", "10 Gbit"})
  void refusesBandwidths(String word) {
    refuses(new ForecastWords.OfBandwidth(), word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lognormal",
        "lognormal:3",
        "slow:2",
        "slow:0.5:1/2",
        "slow:1e13:1",
        "slow:2000:1",
        "slow:2:3/2",
        "slow:2:1/0"
      })
  void refusesStragglers(String word) {
    refuses(new ForecastWords.OfStragglers(), word);
  }

  @Test
  void refusesTheRest() {
    refuses(new ForecastWords.OfTime(), "50");
    refuses(new ForecastWords.OfTime(), "1d");
    refuses(new ForecastWords.OfRate(), "1/0h");
    refuses(new ForecastWords.OfRate(), "1/1000");
    refuses(new ForecastWords.OfServers(), "0");
    refuses(new ForecastWords.OfCompression(), "zip");
  }

  private static void refuses(ITypeConverter<?> converter, String word) {
    assertThatThrownBy(() -> converter.convert(word))
        .hasMessageStartingWith("expected ")
        .hasMessageEndingWith("but found '" + word + "'");
  }
}
