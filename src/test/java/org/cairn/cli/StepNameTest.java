package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepNameTest {

  @ParameterizedTest
  @CsvSource({
    "step512, '', '', 512",
    "step0, '', '', 0",
    "global_step1000, '', '', 1000",
    "checkpoint-500, '', '', 500",
    "step-660000, '', '', 660000",
    "ckpt_100, '', '', 100",
    "ckpt_007, '', '', 7",
    "iter_0001000, '', '', 1000",
    "step_20k, '', '', 20000",
    "step-001000-2BT, '', '', 1000",
    "step1000-tokens5B, '', '', 1000",
    "step1000-unsharded, '', '', 1000",
    "step557000-hf, '', '', 557000",
    "stage1-step1000-tokens5B, stage1, '', 1000",
    "stage2-ingredient3-step11931-tokens50B, stage2, ingredient3, 11931",
    "seed_0-step_20k, '', seed_0, 20000",
    "ema-step10, '', ema, 10",
    "Step12, '', '', 12"
  })
  void readsTheNamesOfRealReleases(String folder, String stage, String branch, long step) {
    assertThat(StepName.parse(folder)).contains(new StepName(folder, stage, branch, step));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evals",
        "tokenizer",
        "step",
        "stepping",
        "step1x",
        "epoch3",
        "latest",
        "state",
        "runs",
        "step1234567890123456789",
        "-step1",
        "step 1",
        "checkpoints",
        "step12-final!"
      })
  void leavesOtherFoldersAlone(String folder) {
    assertThat(StepName.parse(folder)).isEmpty();
  }
}
