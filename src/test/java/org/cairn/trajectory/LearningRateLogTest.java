package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.cairn.platform.Sha256;
import org.cairn.run.RunFileView;
import org.junit.jupiter.api.Test;

class LearningRateLogTest {

  private static RestingSteps read(String path, byte[] bytes) {
    var resting = new RestingSteps();
    var file = new RunFileView(path, Sha256.of(bytes), bytes.length, "log", "text/plain");
    try {
      LearningRateLog.read(file, new ByteArrayInputStream(bytes), resting);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return resting;
  }

  private static RestingSteps read(String path, String text) {
    return read(path, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void rowsThatBeginAtOneTellOfTheUpdateThatLedThere() {
    var resting = read("metrics.csv", "step,loss,lr\n1,9,0\n2,8,0.0e0\n3,7,0.001\n");
    assertThat(resting.between(0, 2)).isNotNull();
    assertThat(resting.between(1, 2)).isNotNull();
    assertThat(resting.between(2, 3)).isNull();
    assertThat(resting.between(0, 3)).isNull();
  }

  @Test
  void rowsThatBeginAtZeroTellOfTheUpdateThatStartsThere() {
    var resting = read("metrics.csv", "step,lr\n0,0\n1,0.001\n2,0.001\n3,0\n4,0.1\n");
    assertThat(resting.between(0, 1)).isNotNull();
    assertThat(resting.between(1, 2)).isNull();
    assertThat(resting.between(3, 4)).isNotNull();
  }

  @Test
  void columnsAreKnownByTheEndsOfTheirNames() {
    var csv = "\"trainer/global_step\" , loss,\"optim/learning_rate_group0\"\n1,\"9,5\",0\n2,3,1\n";
    assertThat(read("a.csv", csv).between(0, 1)).isNotNull();
    var lines = "{\"loss\":3,\"iteration\":1,\"train/learning-rate\":0.0}\n{\"iteration\":2}\n";
    assertThat(read("a.jsonl", lines).between(0, 1)).isNotNull();
    assertThat(read("a.jsonl", lines).between(1, 2)).isNull();
  }

  @Test
  void aRowThatCannotBeReadEndsTheStretch() {
    var resting = read("metrics.csv", "step,lr\n1,0\n2,zero\n3,0\n\n4,0\n-1,0\n1e300,0\n2.5,0\n");
    assertThat(resting.between(0, 1)).isNotNull();
    assertThat(resting.between(1, 2)).isNull();
    assertThat(resting.between(0, 3)).isNull();
    assertThat(resting.between(2, 4)).isNotNull();
  }

  @Test
  void theStepBeginsAnewWhereTrainingWentBack() {
    var resting = read("metrics.csv", "step,lr\n1,0\n2,0\n2,0\n3,0\n");
    assertThat(resting.between(0, 3)).isNull();
    assertThat(resting.between(1, 3)).isNotNull();
  }

  @Test
  void noiseIsNoLogAndBreaksNothing() {
    var random = new Random(7);
    var letters = "step,lr\n\r\"0123456789.eE+-{}:[] \\\u00e4";
    for (int i = 0; i < 2_000; i++) {
      var bytes = new byte[random.nextInt(300)];
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = (byte) letters.charAt(random.nextInt(letters.length()));
      }
      read("a.csv", bytes);
      read("a.jsonl", bytes);
    }
    var longLine = "step,lr\n" + "1".repeat(LearningRateLog.LINE_MAX + 1) + ",0\n1,0\n";
    assertThat(read("a.csv", longLine).between(0, 1)).isNotNull();
  }
}
