package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsNamesTest {

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "a*, abc, true",
    "*c, abc, true",
    "*b*, abc, true",
    "a*c, ac, true",
    "a*a, a, false",
    "ab*ba, aba, false",
    "*.attention.*, layers.0.attention.output.weight, true",
    "*.attention.*, layers.0.mlp.up.weight, false",
    "*a*b*, xbxaxb, true",
    "*a*b*, xbxa, false",
    "a**b, ab, true",
    "a.c, abc, false",
    "abc, abc, true",
  })
  void aStarStandsForAnyCharacters(String pattern, String text, boolean fits) {
    assertThat(StatisticsNames.like(pattern, text)).isEqualTo(fits);
  }

  @Test
  void theColumnsAreTheFieldsOfARow() {
    assertThat(StatisticsColumn.ALL.stream().map(StatisticsColumn::title))
        .containsExactlyElementsOf(
            Arrays.stream(StatisticsRow.class.getRecordComponents())
                .map(component -> component.getName())
                .toList());
  }
}
