package org.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.cairn.testsupport.Hostile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {

  @Test
  void comesBackAsItWas() {
    var token = new PageToken(List.of("-7", "", "b\u00fcro", new UUID(1, 2).toString()));
    var read = Objects.requireNonNull(PageToken.parse(token.toString(), 4));
    assertThat(read).isEqualTo(token);
    assertThat(read.number(0)).isEqualTo(-7);
    assertThat(read.smallNumber(0)).isEqualTo(-7);
    assertThat(read.id(3)).isEqualTo(new UUID(1, 2));
    var newest = PageToken.of(Instant.parse("2026-01-02T03:04:05.000001Z"), new UUID(3, 4));
    assertThat(PageToken.newest(newest.toString()))
        .isEqualTo(
            new PageToken.Newest(Instant.parse("2026-01-02T03:04:05.000001Z"), new UUID(3, 4)));
    assertThat(PageToken.parse(null, 4)).isNull();
    assertThat(PageToken.parse("", 4)).isNull();
  }

  @Test
  void anythingElseIsRefusedByName() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 50_000; i++) {
      var text = Hostile.text(random);
      var token =
          random.nextBoolean()
              ? text
              : Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
      int parts = 1 + random.nextInt(4);
      try {
        var read = PageToken.parse(token, parts);
        if (read != null) {
          assertThat(read.key()).hasSize(parts);
          read.time(parts - 1);
          read.smallNumber(0);
          read.number(0);
          read.id(0);
        }
        PageToken.newest(token);
      } catch (RegistryException e) {
        assertThat(e.type()).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(e.violations())
            .extracting(Problem.Violation::field)
            .containsExactly("pageToken");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-2147483649", "1.0", "", "9223372036854775808"})
  void aNumberThatIsTooLargeIsNotOurs(String number) {
    var token = new PageToken(List.of(number));
    assertThatThrownBy(() -> token.smallNumber(0)).isInstanceOf(RegistryException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z", "now"})
  void aTimeThatNoRowHasIsNotOurs(String time) {
    var token = new PageToken(List.of(time));
    assertThatThrownBy(() -> token.time(0)).isInstanceOf(RegistryException.class);
  }
}
