package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartPlanTest {

  @Test
  void cutsWithoutGapsOrOverlaps() {
    var plan = new PartPlan(2500, 1000, 3);
    long at = 0;
    for (int number = 1; number <= 3; number++) {
      assertThat(plan.offset(number)).isEqualTo(at);
      at += plan.length(number);
    }
    assertThat(at).isEqualTo(2500);
    assertThat(new PartPlan(0, 1000, 1).length(1)).isZero();
    assertThat(new PartPlan(2000, 1000, 2).length(2)).isEqualTo(1000);
    // 5 TB in 10,000 parts: offsets beyond 32 bits.
    var large = new PartPlan(5_000_000_000_000L, 500_000_000L, 10_000);
    assertThat(large.offset(10_000)).isEqualTo(4_999_500_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "2500, 1000, 2",
    "2500, 1000, 4",
    "2500, 0, 1",
    "2500, -1, 1",
    "2500, 1000, 0",
    "20000000, 1000, 20000",
    "-1, 1000, 1",
    "0, 1000, 0"
  })
  void refusesAPlanThatDoesNotAddUp(long size, long partSize, int count) {
    assertThatThrownBy(() -> new PartPlan(size, partSize, count)).isInstanceOf(CliException.class);
  }

  @Test
  void hashesAStretchOfAFile(@TempDir Path folder) throws IOException {
    var file = Trees.write(folder, "f", Trees.noise(1, 5000));
    var whole = Region.md5(file, 0, 5000);
    assertThat(Region.md5(file, 0, 5000)).isEqualTo(whole).hasSize(32);
    assertThat(Region.md5(file, 1000, 2000)).isNotEqualTo(whole);
    var read = new AtomicLong();
    assertThat(Digests.hash(file, 4000, read::addAndGet))
        .isEqualTo(
            org.cairn.platform.Sha256.of(java.util.Arrays.copyOf(Trees.noise(1, 5000), 4000)));
    assertThat(read).hasValue(4000);
    assertThatThrownBy(() -> Digests.hash(file, 5001, n -> {})).isInstanceOf(IOException.class);
  }
}
