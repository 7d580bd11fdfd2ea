package org.cairn.importer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a fault says is what a maintainer needs to find it. */
class FaultSentenceTest {

  private static List<String> sentences(String text) throws IOException {
    return ListingRules.check(CsvListingTest.listing(text)).stream()
        .map(fault -> fault.summed().evidence().path("summary").asText())
        .toList();
  }

  @Test
  void theLineAndBothStepsAreTold() throws IOException {
    assertThat(
            sentences(
                """
                Step,Checkpoint Directory
                1000,https://a.org/r/step1000/
                1931,https://a.org/r/step1500/
                """))
        .containsExactly(
            "line 3 lists step 1931 at https://a.org/r/step1500/, which is step 1500.");
  }

  @Test
  void listsAreCutAndSaySo() throws IOException {
    var text = new StringBuilder("Step,url\n");
    for (int step = 1; step <= 20; step++) {
      text.append(step).append(",x\n").append(step).append(",x\n");
    }
    assertThat(sentences(text.toString()))
        .first()
        .asString()
        .startsWith("40 rows list 20 distinct steps; listed more than once: step 1 (lines 2, 3);")
        .endsWith("step 8 (lines 16, 17); and 12 more.");
  }

  @Test
  void everyFaultOfASpoiltReleaseSaysSomething() throws IOException {
    var faults = new ArrayList<Fault>();
    faults.addAll(
        ListingRules.check(
            CsvListingTest.listing(
                """
                Stage,Step,Tokens,url
                stage1,10,100,https://a.org/x/step10/
                stage1,20,200,https://a.org/y/step20/
                stage_2,10,200,/data/step10/
                stage_2,20,300,/data/step20+10/
                stage_2,30,300,/data/step21/
                no,step
                """)));
    faults.addAll(
        Phases.read(
                "p.json",
                """
                {"sequence_length": 4, "batch_schedule": [{"start_step": 0, "sequences": 1}],
                 "phases": [{"name": "a", "start_step": 0, "handoff_step_next": 1000,
                   "model_card_tokens": 9000}, {"name": "b", "start_step": 7,
                   "handoff_step_next": 2000, "init_from": "step-7"}]}
                """
                    .getBytes(UTF_8))
            .check());
    faults.addAll(
        ParentRules.unreachable(List.of(new ParentRules.Reference("c.yml", "/fsx/run/step1"))));
    assertThat(faults)
        .extracting(Fault::kind)
        .contains("segment-boundary-mismatch", "tokens-inconsistent", "merged-checkpoint");
    assertThat(faults)
        .allSatisfy(fault ->
            assertThat(FaultSentence.of(fault.kind(), fault.evidence()))
                .as(fault.kind())
                .isNotBlank()
                .doesNotContain("null", "  ", " ,", "()"));
    assertThat(FaultSentence.of("no-such-class", JsonNodeFactory.instance.objectNode())).isEmpty();
  }
}
