package org.cairn.importer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonListingTest {

  private static final String PLAIN =
      """
      {"batchSchedule": [{"fromStep": 0, "sequencesPerStep": 2, "sequenceLength": 8}],
       "checkpoints": [
        {"step": 10, "tokens": 160, "address": "https://host/run/step10/"},
        {"step": 20, "tokens": 319},
        {"step": "thirty"},
        {"step": 40, "tokens": -1}]}
      """;

  private static JsonListing read(String text) {
    return JsonListing.read("l.json", text.getBytes(UTF_8));
  }

  @Test
  void checkpointsAreReadAndWhatIsNoneIsTold() {
    var read = read(PLAIN);
    assertThat(read.listing().checkpoints()).hasSize(2);
    assertThat(read.listing().checkpoints().getFirst())
        .isEqualTo(new ListedCheckpoint(1, "", "", 10, 160L, "https://host/run/step10/"));
    assertThat(read.listing().unreadable())
        .extracting(Listing.Unreadable::line)
        .containsExactly(3, 4);
  }

  @Test
  void tokensAreHeldAgainstTheSchedule() {
    var fault = read(PLAIN).check().findFirst().orElseThrow();
    assertThat(fault.evidence().path("rows").toString())
        .isEqualTo("[{\"line\":2,\"step\":20,\"claimedTokens\":319,\"tokensOfSchedule\":320}]");
    assertThat(read(PLAIN.replace("319", "320")).check()).isEmpty();
    assertThat(read(PLAIN.replace("batchSchedule", "other")).check()).isEmpty();
  }

  @Test
  void labelsSayWhatIsLeftOut() {
    var read =
        read(
            """
            {"batchSchedule": [{"fromStep": 0, "sequencesPerStep": 1, "sequenceLength": 1000500}],
             "checkpoints": [{"label": "step1000-tokens2B"}, {"label": "step3000-tokens3B"},
              {"label": "step4000-tokens9B", "address": "https://host/a/"}, {"label": "main"},
              {"label": "deeper-starling"}]}
            """);
    assertThat(read.listing().checkpoints())
        .extracting(ListedCheckpoint::step)
        .containsExactly(1_000L, 3_000L, 4_000L);
    assertThat(read.labels().values()).contains("step1000-tokens2B");
    assertThat(read.listing().unreadable())
        .extracting(Listing.Unreadable::reason)
        .containsExactly("the name deeper-starling says no step");
    var faults = read.check().toList();
    assertThat(faults)
        .extracting(Fault::kind)
        .containsExactly("tokens-inconsistent", "label-rounding-inconsistent");
    assertThat(faults.getFirst().evidence().path("rows").toString())
        .isEqualTo(
            "[{\"line\":3,\"step\":4000,\"label\":\"step4000-tokens9B\",\"tokensOfSchedule\":4002000000}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"branches\":[{\"name\":\"main\"},{\"name\":\"step0\",\"ref\":\"refs/heads/step0\"}],\"tags\":[{\"name\":\"stage2-step1000\"}]}",
        "main\nstep0\nstage2-step1000\n",
        "1a2b\trefs/heads/main\r\n3c4d\trefs/heads/step0\r\n5e6f\trefs/tags/stage2-step1000\r\n"
      })
  void branchesOfARepositoryAreAListing(String text) {
    var read = read(text);
    assertThat(read.listing().unreadable()).isEmpty();
    assertThat(read.listing().checkpoints())
        .extracting(ListedCheckpoint::line, ListedCheckpoint::stage, ListedCheckpoint::step)
        .containsExactly(tuple(2, "", 0L), tuple(3, "stage2", 1_000L));
    assertThat(read.labels().values()).containsExactlyInAnyOrder("step0", "stage2-step1000");
  }

  @Test
  void aScheduleOfStepsIsAListing() {
    var read =
        read(
            """
            {"samples_per_step": 1024, "sequence_length_trained": 2048,
             "steps": [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 2000, 3000, 4000, 5000,
               6000, 7000, 8000, 9000, 10000, 11000, 12000, 13000]}
            """);
    assertThat(Objects.requireNonNull(read.schedule()).tokens(1_000)).isEqualTo(2_097_152_000L);
    assertThat(ListingRules.check(read.listing()))
        .as("powers of two are a schedule, too")
        .isEmpty();
  }

  @Test
  void aSeriesIsARunForEachSeed() throws IOException {
    var text = new StringBuilder("seed,step,hf_repo,kind\n");
    for (int seed = 0; seed < 2; seed++) {
      for (int step = 0; step <= 2_000; step += step < 200 ? 20 : 100) {
        text.append(
            "%d,%d000,google/multiberts-seed_%d-step_%dk,intermediate%n"
                .formatted(seed, step, seed, step));
      }
      text.append("%d,2000000,google/multiberts-seed_%d,final%n".formatted(seed, seed));
    }
    var runs = CsvListing.readRuns("m.csv", bytes(text.toString()));
    assertThat(runs.keySet()).containsExactly("seed0", "seed1");
    assertThat(runs.values())
        .allSatisfy(listing -> {
          assertThat(listing.checkpoints()).hasSize(30);
          assertThat(ListingRules.check(listing)).as("denser at first").isEmpty();
        });
    assertThatThrownBy(() -> CsvListing.read("m.csv", bytes(text.toString())))
        .isInstanceOf(UnreadableListingException.class)
        .hasMessage("lists 2 runs");
    var many = new StringBuilder("run,step\n");
    for (int i = 0; i <= CsvListing.RUNS_MAX; i++) {
      many.append('r').append(i).append(",1\n");
    }
    assertThatThrownBy(() -> CsvListing.readRuns("m.csv", bytes(many.toString())))
        .isInstanceOf(UnreadableListingException.class);
  }

  @Test
  void whatIsNoListingIsRefused() {
    for (var text :
        List.of(
            "",
            "[]",
            "{\"steps\": 3}",
            "\u0000",
            PLAIN.replace("\"sequencesPerStep\": 2", "\"sequencesPerStep\": 0"),
            "{\"steps\":[],\"batchSchedule\":{\"a\":1}}",
            "{\"checkpoints\":[{\"step\":1,\"address\":\"a\\u0000b\"}]}",
            PLAIN.replace("\"fromStep\": 0", "\"fromStep\": 0.5"))) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableListingException.class);
    }
  }

  @Test
  void spoiltBytesAreReadOrRefused() {
    var random = new SplittableRandom(13);
    for (int i = 0; i < 2_000; i++) {
      var bytes = PLAIN.getBytes(UTF_8);
      for (int k = 0; k <= i % 4; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        var read = JsonListing.read("l", bytes);
        assertThat(read.listing().checkpoints()).hasSizeLessThan(5);
        assertThat(read.check().toList()).isNotNull();
        assertThat(ListingRules.check(read.listing())).isNotNull();
      } catch (UnreadableListingException e) {
        assertThat(e).hasMessageMatching("(is|has|batchSchedule)(?s:.*)");
      }
    }
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
