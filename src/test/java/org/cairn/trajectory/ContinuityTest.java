package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.cairn.platform.Sha256;
import org.cairn.run.NewFinding;
import org.cairn.tensor.WeightSample;
import org.junit.jupiter.api.Test;

/** Chains that are longer than what is looked at together. */
class ContinuityTest {

  private static final int CHECKPOINTS = 1_200;

  /** Where a checkpoint lies: a straight way, but for one step aside at the border of two parts. */
  private static float[] place(int checkpoint, int aside) {
    return switch (checkpoint - aside) {
      case -1 -> new float[] {checkpoint + 0.05f, 0};
      case 1 -> new float[] {checkpoint - 1, 1.05f};
      case 2 -> new float[] {checkpoint - 1, 0};
      default -> new float[] {checkpoint - aside > 2 ? checkpoint - 1.1f : checkpoint, 0};
    };
  }

  private static Sha256 digest(int number) {
    return Sha256.of(Integer.toString(number).getBytes(StandardCharsets.UTF_8));
  }

  private static List<NewFinding> findings(int aside, int foreign) {
    var checkpoints =
        IntStream.range(0, CHECKPOINTS)
            .mapToObj(i ->
                new ExaminedCheckpoint(
                    UUID.randomUUID(), "step" + i, "", "", null, "raw", i, i, digest(i), digest(i)))
            .toList();
    var through =
        IntStream.range(0, CHECKPOINTS)
            .mapToObj(i -> {
              var place = place(i == foreign ? CHECKPOINTS + 100 : i, aside);
              var bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
              bytes.putFloat(place[0]).putFloat(place[1]);
              return new TensorAt(
                  i,
                  digest(i),
                  digest(i),
                  "F32 [2]",
                  2,
                  0,
                  0,
                  false,
                  0,
                  WeightSample.of(bytes.array()));
            })
            .toList();
    var rule = new Continuity(checkpoints);
    rule.look("w", through);
    return rule.findings();
  }

  /** The nearest neighbour of the first checkpoint of a part may be the last one before it. */
  @Test
  void whereAPartBeginsTheNeighbourBeforeItIsNotForgotten() {
    for (int aside = 505; aside < 516; aside++) {
      assertThat(findings(aside, -1)).as("aside at %d", aside).isEmpty();
    }
  }

  @Test
  void aForeignCheckpointIsFoundOnceWhereverItLies() {
    for (int foreign : new int[] {1, 509, 510, 511, 512, 1020, 1021, 1022, 1198}) {
      assertThat(findings(-10, foreign))
          .as("foreign at %d", foreign)
          .extracting(NewFinding::subject)
          .containsExactly("checkpoint step" + foreign);
    }
  }
}
