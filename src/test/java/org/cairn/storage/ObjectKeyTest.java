package org.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "./a",
        "a\\b",
        "a\nb",
        "a\u0000b",
        "a\uD800b",
        "a\u0085b"
      })
  void refusesWhatSomebodyWouldRewrite(String value) {
    assertThatThrownBy(() -> new ObjectKey(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isBoundedInBytes() {
    assertThat(new ObjectKey("ü".repeat(512)).value()).hasSize(512);
    assertThatThrownBy(() -> new ObjectKey("ü".repeat(512) + "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void joinsSegments() {
    assertThat(ObjectKey.of("a", "b/c", "d...")).hasToString("a/b/c/d...");
  }

  @Test
  void aRangeHasAByteAtLeastAndAnEnd() {
    assertThat(new ByteRange(3, 4).last()).isEqualTo(6);
    assertThat(ByteRange.from(3, 10)).isEqualTo(new ByteRange(3, 7));
    assertThat(new ByteRange(Long.MAX_VALUE - 1, 1).last()).isEqualTo(Long.MAX_VALUE - 1);
    assertThatThrownBy(() -> new ByteRange(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ByteRange(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ByteRange(Long.MAX_VALUE, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
