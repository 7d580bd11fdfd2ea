package org.cairn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerStateTest {

  private static Optional<TrainerState> parse(String text) throws IOException {
    return TrainerState.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void stepAndTokensAreFoundAmongAllThatATrainerWrites() throws IOException {
    assertThat(
            parse(
                """
                {"best_metric": null, "epoch": 0.5, "global_step": 1000,
                 "log_history": [{"grad_norm": NaN, "loss": 2.5, "num_input_tokens_seen": 3, "step": 10}],
                 "num_input_tokens_seen": 9007199254740993, "stateful_callbacks": {"a": {"global_step": 4}}}
                """))
        .contains(new TrainerState(1000L, 9_007_199_254_740_993L));
  }

  @Test
  void noTokensAfterManyStepsMeanThatNobodyCounted() throws IOException {
    assertThat(parse("{\"global_step\":7,\"num_input_tokens_seen\":0}"))
        .contains(new TrainerState(7L, null));
    assertThat(parse("{\"global_step\":0,\"num_input_tokens_seen\":0}"))
        .contains(new TrainerState(0L, 0L));
    assertThat(parse("{\"num_input_tokens_seen\":5}")).contains(new TrainerState(null, 5L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "text",
        "{\"global_step\":7",
        "{\"global_step\":\"7\",\"num_input_tokens_seen\":1.5}",
        "{\"global_step\":-7,\"num_input_tokens_seen\":99999999999999999999}"
      })
  void whatIsNoStateSaysNothing(String text) throws IOException {
    assertThat(parse(text)).isEmpty();
  }
}
