package org.cairn.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessStartTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"short", "1234567890123456789012345678901", "with spaces in it, and long enough"})
  void aTokenThatCouldBeGuessedOrNotBeSentIsRefused(String token) {
    assertThatThrownBy(() -> AccessStart.check(Optional.of(token)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cairn.access.admin-token")
        .message()
        .doesNotContain(token);
  }

  @Test
  void aLongOneIsTaken() {
    assertThatCode(() -> AccessStart.check(Optional.of(Callers.ADMIN))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,true", "::1,true", "0.0.0.0,false", "'',false", "192.0.2.1,false"})
  void loopbackIsKnown(String host, boolean loopback) {
    assertThat(AccessStart.isLoopback(host)).isEqualTo(loopback);
  }
}
