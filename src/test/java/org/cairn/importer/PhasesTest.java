package org.cairn.importer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.cairn.platform.RoundedTokens;
import org.junit.jupiter.api.Test;

class PhasesTest {

  /** 1,000 tokens a step up to step 100, then 2,000. */
  private static final String PHASES =
      """
      {"sequence_length": 100,
       "batch_schedule": [{"start_step": 0, "sequences": 10}, {"start_step": 100, "sequences": 20}],
       "phases": [
        {"name": "kestrel", "start_step": 0, "handoff_step_next": 150, "weights_kind": "raw",
         "output_path": "checkpoints/a", "init_from": null, "model_card_tokens": 2e5},
        {"name": "ocelot", "start_step": 150, "handoff_step_next": 200, "weights_kind": "ema",
         "init_from": "step-150", "model_card_tokens": 299000.0}]}
      """;

  private static Phases read(String text) {
    return Phases.read("phases.json", text.getBytes(UTF_8));
  }

  @Test
  void phasesAreReadWithTheirBatches() {
    var phases = read(PHASES);
    assertThat(phases.schedule().tokens(200)).isEqualTo(300_000);
    assertThat(phases.phases().getFirst())
        .isEqualTo(
            new Phases.Phase(
                "kestrel", 0, 150, null, "checkpoints/a", "raw", new RoundedTokens(2, 100_000)));
  }

  @Test
  void tokensOfTheCardAreHeldAgainstTheSchedule() {
    assertThat(read(PHASES).check())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.kind()).isEqualTo("claimed-tokens-differ");
          assertThat(fault.evidence().toString())
              .isEqualTo(
                  """
                  {"file":"phases.json","step":200,"claimedTokens":299000,"roundedTo":1000,\
                  "tokensOfSchedule":300000,"difference":-1000}\
                  """);
        });
  }

  @Test
  void phasesMeet() {
    assertThat(read(PHASES.replace("step-150", "step-140").replace("299000", "300000")).check())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.kind()).isEqualTo("segment-boundary-mismatch");
          assertThat(fault.subject()).isEqualTo("segments kestrel and ocelot");
        });
  }

  @Test
  void whatIsNoFileOfPhasesIsRefused() {
    for (var text :
        List.of(
            "",
            "{}",
            PHASES.replace("\"start_step\": 150", "\"start_step\": -1"),
            PHASES.replace("\"sequence_length\": 100", "\"sequence_length\": 0"),
            PHASES.replace("\"sequence_length\": 100", "\"sequence_length\": 1e400"),
            PHASES.replace("kestrel", ""))) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableListingException.class);
    }
    assertThat(
            read(PHASES.replace(
                    "\"handoff_step_next\": 200", "\"handoff_step_next\": 9223372036854775807"))
                .check())
        .as("more tokens than can be counted")
        .isEmpty();
  }

  @Test
  void spoiltBytesAreReadOrRefused() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 2_000; i++) {
      var bytes = PHASES.getBytes(UTF_8);
      for (int k = 0; k <= i % 4; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(Phases.read("p", bytes).check()).hasSizeLessThan(5);
      } catch (UnreadableListingException e) {
        assertThat(e).hasMessageMatching("(is|has|phases|batch_schedule|sequence_length)(?s:.*)");
      }
    }
  }
}
