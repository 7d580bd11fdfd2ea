package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.cairn.trajectory.EvaluationResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationsTest {

  private static final String V03 =
      """
      {"results": {"lambada": {"ppl": 12.5, "ppl_stderr": 0.1, "acc": NaN}, "piqa": {"acc": 0.25}},
       "versions": {"piqa": 0},
       "config": {"model_args": "use_accelerate=True,pretrained=EleutherAI/pythia-70m,revision=step512",
                  "num_fewshot": 5, "batch_size": 32}}
      """;

  private static final String V04 =
      """
      {"results": {"piqa": {"alias": "piqa", "acc,none": 0.25, "acc_stderr,none": 0.01, "acc,strict": 0.2}},
       "n-shot": {"piqa": 0},
       "config": {"model": "hf", "model_args": {"pretrained": "EleutherAI/pythia-70m", "revision": "step512"},
                  "batch_size": "auto:4", "batch_sizes": [64]},
       "git_hash": "abc"}
      """;

  private static EvaluationResults read(String name, String text) {
    return LmEvalFile.read(name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void bothVersionsAreRead() {
    var old = read("a.json", V03);
    assertThat(old.run()).isEqualTo("EleutherAI/pythia-70m");
    assertThat(old.step()).isEqualTo(512);
    assertThat(old.setting()).isEqualTo("5-shot");
    assertThat(old.batchSize()).isEqualTo("32");
    assertThat(old.values())
        .containsOnlyKeys("lambada/ppl", "piqa/acc")
        .containsEntry("lambada/ppl", new BigDecimal("12.5"));
    var current = read("a.json", V04);
    assertThat(current.run()).isEqualTo("EleutherAI/pythia-70m");
    assertThat(current.step()).isEqualTo(512);
    assertThat(current.setting()).isEqualTo("0-shot");
    assertThat(current.batchSize()).isEqualTo("auto:4");
    assertThat(current.values()).containsOnlyKeys("piqa/acc", "piqa/acc,strict");
  }

  @Test
  void theNameOfTheFileMaySayTheStep() {
    var text = "{\"results\":{\"piqa\":{\"acc,none\":0.25}},\"model_name\":\"m\"}";
    assertThat(read("evals/70m_step1000.json", text).step()).isEqualTo(1_000);
    assertThat(read("evals/70m_step1000.json", text).run()).isEqualTo("m");
    var within = "bias/1.3b-deduped-step67000_eval_results_01-21-2023-20-16-29.json";
    assertThat(read(within, "{\"results\":{}}").step()).isEqualTo(67_000);
    assertThat(read(within, "{\"results\":{}}").run()).isEqualTo("1.3b-deduped");
    assertThat(read("70m-seed1/step1000/EleutherAI__70m/results.json", text).step())
        .isEqualTo(1_000);
    var neox = "{\"results\":{},\"config\":{\"model_args\":{\"iteration\":63000}}}";
    assertThat(read("70m.json", neox).step()).isEqualTo(63_000);
    var revision = "{\"results\":{},\"config\":{\"model_revision\":\"step512\"}}";
    assertThat(read("70m.json", revision).step()).isEqualTo(512);
    assertThatThrownBy(() -> read("evals/70m.json", text))
        .isInstanceOf(UnreadableListingException.class)
        .hasMessageContaining("names no step");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "3", "{\"results\":[]}", "\u0000"})
  void otherFilesAreRefused(String text) {
    assertThatThrownBy(() -> read("step1.json", text))
        .isInstanceOf(UnreadableListingException.class);
  }

  @Test
  void whatNoReaderOfTheCatalogueTakesIsLeftOutOrRefused() {
    var huge = "{\"results\":{\"t\":{\"a\":1e2000,\"b\":1e-2000,\"c\":0.5,\"LONG\":1}}}";
    assertThat(read("step1.json", huge.replace("LONG", "d".repeat(500))).values())
        .containsOnlyKeys("t/c");
    for (var text :
        List.of(
            "{\"results\":{},\"model_name\":\"" + "m".repeat(401) + "\"}",
            "{\"results\":{},\"model_name\":\"a\\u0000b\"}")) {
      assertThatThrownBy(() -> read("step1.json", text))
          .isInstanceOf(UnreadableListingException.class);
    }
  }

  @Test
  void noBytesBreakIt() {
    var random = new SplittableRandom(9);
    var whole = V03.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 5_000; i++) {
      var bytes = whole.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(LmEvalFile.read("step1.json", bytes).values()).isNotNull();
      } catch (UnreadableListingException e) {
        assertThat(e)
            .hasMessageMatching("(is no JSON|has no object results|names no step|has a )(?s:.*)");
      }
    }
  }

  @Test
  void aTableIsReadValueByValue() throws IOException {
    var text =
        """
        model,variant,step,task,metric,value
        a,zero-shot,1,piqa,acc,0.5
        a,zero-shot,1,piqa,ppl,nan
        a,zero-shot,x,piqa,ppl,1
        a,zero-shot,1,arc,acc,1e-2
        b,,1,piqa,acc,0.5
        """;
    var read =
        EvaluationTable.read("t", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
            .results();
    assertThat(read).extracting(EvaluationResults::run).containsExactly("a", "b");
    assertThat(read.getFirst().values()).containsOnlyKeys("piqa/acc", "arc/acc");
    assertThat(read.getFirst().source()).isEqualTo("t line 2");
    assertThatThrownBy(() ->
            EvaluationTable.read(
                "t", new ByteArrayInputStream("step,task".getBytes(StandardCharsets.UTF_8))))
        .hasMessage("has no column metric in its first line");
  }

  /** Results that are a function of what the weights are. */
  private static EvaluationResults of(String run, long step, int weights) {
    var values = new LinkedHashMap<String, BigDecimal>();
    for (int i = 0; i < 6; i++) {
      values.put("task" + i + "/acc", BigDecimal.valueOf(weights).add(BigDecimal.valueOf(i)));
    }
    return new EvaluationResults(run + step, run, step, "0-shot", null, values);
  }

  @Test
  void equalStepsAreExplainedByARestOnly() {
    var results =
        List.of(of("a", 0, 1), of("a", 1, 1), of("a", 2, 2), of("a", 4, 2), of("a", 8, 3));
    assertThat(EqualResults.ofRun("a", results, Set.of(0L)))
        .extracting(Fault::kind, Fault::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "duplicate-content-explained", "0-shot steps 0 and 1"),
            org.assertj.core.groups.Tuple.tuple("duplicate-results", "0-shot steps 2 and 4"));
    assertThat(EqualResults.ofRun("a", results, Set.of(0L, 2L, 3L)))
        .extracting(Fault::kind)
        .containsOnly("duplicate-content-explained");
  }

  @Test
  void runsThatBeginAlikeMayAgreeUntilTrainingChangesThem() {
    var one = new ArrayList<EvaluationResults>();
    var other = new ArrayList<EvaluationResults>();
    for (int step = 0; step < 4; step++) {
      one.add(of("a", step, Math.max(1, step)));
      other.add(of("b", step, step < 2 ? 1 : -step));
    }
    assertThat(EqualResults.ofRuns("a", one, "b", other)).isEmpty();
    other.set(3, of("b", 3, 3));
    var fault = EqualResults.ofRuns("a", one, "b", other).orElseThrow();
    assertThat(fault.kind()).isEqualTo("cross-run-duplicate-results");
    assertThat(fault.evidence().path("stepsEqualInAll").toString()).isEqualTo("[3]");
    assertThat(fault.evidence().at("/equalValuesByStep/0-shot/2").toString()).isEqualTo("[0,6]");
    assertThat(EqualResults.ofRuns("a", one, "c", List.of(of("c", 9, 1)))).isEmpty();
  }
}
