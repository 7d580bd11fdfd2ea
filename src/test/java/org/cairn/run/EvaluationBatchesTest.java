package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EvaluationBatchesTest {

  private final SortedMap<Long, SortedSet<String>> left = new TreeMap<>();
  private final SortedMap<Long, SortedSet<String>> right = new TreeMap<>();

  private static void put(SortedMap<Long, SortedSet<String>> side, long step, String size) {
    side.computeIfAbsent(step, s -> new TreeSet<>()).add(size);
  }

  @Test
  void fiftyStepsOfASideAreShownAndTheOthersCounted() {
    for (long step = 1; step <= 60; step++) {
      put(left, step, "4");
      put(right, step, "16");
      put(right, step, "8");
    }
    var differences = EvaluationBatches.between(Map.of("", left), Map.of("", right));
    assertThat(differences)
        .singleElement()
        .returns("batchSize", JsonDifferences.Difference::key)
        .satisfies(one -> {
          var onLeft = Objects.requireNonNull(one.left());
          assertThat(onLeft).hasSize(1);
          assertThat(onLeft.at("/0/steps")).hasSize(50);
          assertThat(onLeft.at("/0/moreSteps").asInt()).isEqualTo(10);
          var onRight = Objects.requireNonNull(one.right());
          assertThat(onRight.findValuesAsText("batchSize")).containsExactly("16", "8");
          assertThat(onRight.at("/1/steps")).hasSize(25);
          assertThat(onRight.at("/1/moreSteps").asInt()).isEqualTo(35);
        });
  }

  @Test
  void onlyWhatBothHaveIsCompared() {
    put(left, 1, "4");
    put(left, 2, "4");
    put(right, 1, "4");
    put(right, 3, "16");
    assertThat(EvaluationBatches.between(Map.of("0-shot", left), Map.of("0-shot", right)))
        .isEmpty();
    assertThat(EvaluationBatches.between(Map.of("0-shot", left), Map.of("5-shot", right)))
        .isEmpty();
    right.remove(1L);
    assertThat(EvaluationBatches.between(Map.of("0-shot", left), Map.of("0-shot", right)))
        .hasSize(1);
    put(left, 2, "16");
    put(right, 4, "4");
    assertThat(EvaluationBatches.between(Map.of("0-shot", left), Map.of("0-shot", right)))
        .as("the same sizes at steps of which none is the same")
        .isEmpty();
  }
}
