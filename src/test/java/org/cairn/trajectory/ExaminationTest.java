package org.cairn.trajectory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.run.RunService;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;

/** What is wrong with a run's weights is found; what only looks so is not. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ExaminationTest {

  private static final int LARGE = 2048;

  private final int seed = UUID.randomUUID().hashCode();

  /** The weights of a healthy run at a step: two matrices that move, a norm that begins as ones. */
  private Safetensors healthy(int step) {
    return new Safetensors()
        .floats("a.weight", List.of(LARGE), values("a", step))
        .floats("b.weight", List.of(LARGE), values("b", step))
        .floats("norm.weight", List.of(16), norm(step));
  }

  private float[] values(String name, int step) {
    int own = (seed ^ name.hashCode()) % 100_000;
    var values = Safetensors.values(LARGE, own);
    var direction = Safetensors.values(LARGE, own + 1);
    for (int i = 0; i < LARGE; i++) {
      values[i] += (float) (0.1 * step * direction[i] + 0.01 * Math.sin((step + 1) * (i + own)));
    }
    return values;
  }

  private static float[] norm(int step) {
    var values = new float[16];
    Arrays.fill(values, 1);
    values[3] += step > 2 ? step : 0; // below the precision of its type until then
    return values;
  }

  private static void seal(String run, int step, byte[] weights) throws Exception {
    seal(run, step, ",\"label\":\"step%d\"", weights);
  }

  /** {@code members} are more of the request; they give it its label. */
  private static void seal(String run, int step, String members, byte[] weights) throws Exception {
    var sha256 = Given.artifact(weights);
    var label =
        Given.post(
                run + "/checkpoints",
                "{\"step\":%d,\"files\":[{\"path\":\"model.safetensors\",\"sha256\":\"%s\",\"size\":%d}]%s}"
                    .formatted(step, sha256, weights.length, members.formatted(step)))
            .statusCode(201)
            .extract()
            .<String>path("label");
    given().post(run + "/checkpoints/" + label + "/seal").then().statusCode(200);
  }

  private static List<Map<String, Object>> findings(String run) {
    var names = run.split("/", -1);
    var subject = "run " + names[3] + "/" + names[5];
    CairnProcess.await(
        "the examination of " + subject,
        Duration.ofSeconds(60),
        () -> {
          var jobs =
              given()
                  .get("/v1/jobs?kind=examine-run&pageSize=100")
                  .then()
                  .extract()
                  .jsonPath()
                  .<Map<String, Object>>getList("items");
          var ours = jobs.stream().filter(job -> subject.equals(job.get("subject"))).toList();
          return !ours.isEmpty()
              && ours.stream().allMatch(job -> "succeeded".equals(job.get("state")));
        });
    return given()
        .get(run + "/findings?status=open")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items");
  }

  private static List<Object> classes(List<Map<String, Object>> findings) {
    return findings.stream().map(finding -> finding.get("class")).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> evidence(Map<String, Object> finding) {
    return (Map<String, Object>) Objects.requireNonNull(finding.get("evidence"));
  }

  @Test
  void aHealthyRunHasNone() throws Exception {
    var run = Given.run("");
    for (int step = 0; step < 6; step++) {
      seal(run, step, healthy(step).bytes());
    }
    assertThat(findings(run)).isEmpty();
  }

  @Test
  void weightsThatAreEqualAtDifferentStepsAreFound() throws Exception {
    var run = Given.run("");
    seal(run, 1, healthy(1).bytes());
    seal(run, 2, healthy(1).bytes());
    seal(run, 3, healthy(3).bytes());
    var findings = findings(run);
    assertThat(classes(findings)).containsExactly("weights-equal-at-different-steps");
    assertThat(evidence(findings.getFirst())).containsEntry("equalBitForBit", true);
    assertThat(String.valueOf(evidence(findings.getFirst()).get("checkpoints")))
        .contains("label=step1", "label=step2")
        .doesNotContain("step3");
  }

  @Test
  void weightsThatAreEqualButForSignsOfZerosAreFound() throws Exception {
    var run = Given.run("");
    var positive = values("z", 1);
    positive[5] = 0.0f;
    var negative = positive.clone();
    negative[5] = -0.0f;
    seal(run, 1, new Safetensors().floats("w", List.of(LARGE), positive).bytes());
    seal(run, 2, new Safetensors().floats("w", List.of(LARGE), negative).bytes());
    var findings = findings(run);
    assertThat(classes(findings)).containsExactly("weights-equal-at-different-steps");
    assertThat(evidence(findings.getFirst())).containsEntry("equalBitForBit", false);
  }

  @Test
  void aTensorOfAnotherStepIsFound() throws Exception {
    var run = Given.run("");
    for (int step = 0; step < 6; step++) {
      var weights =
          new Safetensors()
              .floats("a.weight", List.of(LARGE), values("a", step))
              .floats("b.weight", List.of(LARGE), values("b", step == 4 ? 1 : step))
              .floats("norm.weight", List.of(16), norm(step));
      seal(run, step, weights.bytes());
    }
    var findings = findings(run);
    assertThat(classes(findings)).containsExactly("tensors-equal-to-another-step");
    assertThat(findings.getFirst())
        .containsEntry("subject", "checkpoint step4 and checkpoint step1");
    assertThat(evidence(findings.getFirst()))
        .containsEntry("tensors", Map.of("count", 1, "first", List.of("b.weight")))
        .containsEntry("tensorsOfCheckpoint", 3)
        .containsEntry("wholeFiles", List.of());
  }

  @Test
  void aTensorOfTheStepBeforeIsFoundAndAFrozenOneIsNot() throws Exception {
    var run = Given.run("");
    for (int step = 1; step < 7; step++) {
      var weights =
          new Safetensors()
              .floats("a.weight", List.of(LARGE), values("a", step == 4 ? 3 : step))
              .floats("b.weight", List.of(LARGE), values("b", step))
              .floats("frozen.weight", List.of(LARGE), values("f", 0));
      seal(run, step, weights.bytes());
    }
    var findings = findings(run);
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst())
        .containsEntry("subject", "checkpoint step4 and checkpoint step3");
  }

  @Test
  void nanAndInfinityAreFound() throws Exception {
    var run = Given.run("");
    seal(run, 1, healthy(1).bytes());
    var broken = values("a", 2);
    broken[1] = Float.NaN;
    broken[2] = Float.POSITIVE_INFINITY;
    broken[9] = Float.NaN;
    seal(
        run,
        2,
        new Safetensors()
            .floats("a.weight", List.of(LARGE), broken)
            .floats("b.weight", List.of(LARGE), values("b", 2))
            .floats("norm.weight", List.of(16), norm(2))
            .bytes());
    var findings = findings(run);
    assertThat(classes(findings)).containsExactly("non-finite-weights");
    assertThat(findings.getFirst()).containsEntry("checkpoint", "step2");
    assertThat(String.valueOf(evidence(findings.getFirst()).get("tensors")))
        .contains("count=1", "name=a.weight", "nans=2", "infinities=1");
  }

  @Test
  void aTensorThatBecomesConstantIsFoundAndSoIsOneThatNeverMoves() throws Exception {
    var run = Given.run("");
    for (int step = 0; step < 4; step++) {
      var weights =
          healthy(step)
              .floats("bias", List.of(8), new float[8])
              .floats(
                  "c.weight",
                  List.of(8),
                  step == 2 ? new float[8] : Safetensors.values(8, seed % 1000 + step));
      seal(run, 400 * step, weights.bytes());
    }
    var findings = findings(run);
    assertThat(findings)
        .extracting(finding -> finding.get("subject"))
        .containsExactlyInAnyOrder("tensor bias", "tensor c.weight");
    for (var finding : findings) {
      boolean always = "tensor bias".equals(finding.get("subject"));
      assertThat(evidence(finding)).containsEntry("always", always).containsEntry("value", 0);
    }
  }

  @Test
  void aLayoutThatChangesIsFoundOnceAndSettlesWhenItIsNotThere() throws Exception {
    var run = Given.run("");
    seal(run, 1, healthy(1).bytes());
    seal(
        run,
        3,
        new Safetensors()
            .floats("a.weight", List.of(2, LARGE / 2), values("a", 3))
            .tensor("b.weight", "I32", List.of(LARGE), bytes(values("b", 3)))
            .floats("new.weight", List.of(16), norm(3))
            .bytes());
    var findings = findings(run);
    assertThat(classes(findings)).containsExactly("tensor-layout-changed");
    assertThat(evidence(findings.getFirst())).containsEntry("previous", "step1");
    assertThat(String.valueOf(evidence(findings.getFirst()).get("tensors")))
        .contains(
            "count=4",
            "name=a.weight, after=F32 [2, 1024], before=F32 [2048]",
            "name=b.weight, after=I32 [2048], before=F32 [2048]",
            "name=new.weight, after=F32 [16], before=absent",
            "name=norm.weight, after=absent, before=F32 [16]");
  }

  @Test
  void aCheckpointOfAnotherPlaceOnTheTrajectoryIsFoundAndNoOther() throws Exception {
    var run = Given.run("");
    for (int step = 0; step < 12; step++) {
      // Not equal to those of step 10, so that no digest tells.
      seal(run, step, step == 3 ? moved(10) : healthy(step).bytes());
    }
    var findings = findings(run);
    assertThat(classes(findings)).containsExactly("trajectory-discontinuity");
    assertThat(findings.getFirst()).containsEntry("subject", "checkpoint step3");
    assertThat(evidence(findings.getFirst()))
        .containsEntry("n", 2 * LARGE + 16)
        .containsEntry("sampleSeed", 20_261_123);
    assertThat(String.valueOf(evidence(findings.getFirst()).get("nearest")))
        .contains("label=step10");
    assertThat(String.valueOf(evidence(findings.getFirst()).get("previous")))
        .contains("label=step2");
  }

  private byte[] moved(int step) {
    var norm = norm(step);
    norm[4] += 0.5f;
    return new Safetensors()
        .floats("a.weight", List.of(LARGE), nudged("a", step))
        .floats("b.weight", List.of(LARGE), nudged("b", step))
        .floats("norm.weight", List.of(16), norm)
        .bytes();
  }

  private float[] nudged(String name, int step) {
    var values = values(name, step);
    values[0] += 0.001f;
    return values;
  }

  @Test
  void aTensorThatWasSwappedBetweenTwoStepsIsFoundAtBoth() throws Exception {
    var run = Given.run("");
    for (int step = 0; step < 12; step++) {
      var weights =
          new Safetensors()
              .floats("a.weight", List.of(LARGE), values("a", step))
              .floats("b.weight", List.of(LARGE), values("b", step))
              .floats("c.weight", List.of(LARGE), values("c", step))
              .floats(
                  "d.weight", List.of(LARGE), values("d", step == 2 ? 9 : step == 9 ? 2 : step));
      seal(run, step, weights.bytes());
    }
    var findings = findings(run);
    assertThat(findings)
        .extracting(finding -> finding.get("class") + " " + finding.get("subject"))
        .containsExactlyInAnyOrder(
            "trajectory-discontinuity checkpoint step2",
            "trajectory-discontinuity checkpoint step9");
    for (var finding : findings) {
      assertThat(String.valueOf(evidence(finding).get("tensorsWithDetour")))
          .contains("count=1", "name=d.weight");
    }
  }

  @Test
  void branchesAndAveragedWeightsAreTrajectoriesOfTheirOwn() throws Exception {
    var run = Given.run("");
    for (int step = 0; step < 8; step++) {
      seal(run, step, healthy(step).bytes());
      var averaged =
          new Safetensors()
              .floats("a.weight", List.of(LARGE), values("a", 1000 + step))
              .floats("b.weight", List.of(LARGE), values("b", 1000 + step));
      seal(
          run,
          step,
          ",\"branch\":\"ema\",\"weightsKind\":\"ema\",\"label\":\"ema%d\"",
          averaged.bytes());
    }
    assertThat(findings(run)).isEmpty();
  }

  @Test
  void equalWeightsAreExplainedByALearningRateOfZero() throws Exception {
    var run = Given.run("");
    Given.runFile(
        run,
        "logs/metrics.csv",
        "step,tokens,loss,train/learning_rate\n1,10,5.5,0.0\n2,20,5.4,1e-4\n3,30,5.4,1e-4\n");
    seal(run, 0, healthy(0).bytes());
    seal(run, 1, healthy(0).bytes());
    seal(run, 2, healthy(2).bytes());
    seal(run, 3, healthy(2).bytes());
    var open = findings(run);
    assertThat(open).hasSize(1);
    assertThat(String.valueOf(evidence(open.getFirst()).get("checkpoints")))
        .contains("label=step3");
    given()
        .get(run + "/findings?status=explained")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].explanation", equalTo("The learning rate was 0: logs/metrics.csv, step 1."))
        .body("items[0].explanationEvidence.rows", equalTo(1))
        .body("items[0].evidence.checkpoints.label", contains("step0", "step1"));
  }

  @Inject RunService runs;
  @Inject TrajectoryQueries queries;
  @Inject ExaminationService examinations;

  @Test
  void anExaminationThatWasOvertakenWritesNothing() throws Exception {
    var run = Given.run("");
    seal(run, 1, healthy(1).bytes());
    seal(run, 2, healthy(1).bytes());
    assertThat(findings(run)).hasSize(1);
    var names = run.split("/", -1);
    var id = runs.ref(names[3], names[5]).id();
    // As if another one had seen a third checkpoint, and no fault.
    assertThat(QuarkusTransaction.requiringNew().call(() -> queries.examined(id, 3, 1))).isTrue();
    var finding = findings(run).getFirst();
    given()
        .contentType(ContentType.JSON)
        .header("If-Match", "*")
        .body("{\"status\":\"fixed\"}")
        .patch(run + "/findings/" + finding.get("id"))
        .then()
        .statusCode(200);
    assertThat(examinations.examine(id, new RestingSteps())).isEqualTo(2);
    assertThat(findings(run)).isEmpty();
    seal(run, 3, healthy(3).bytes());
    assertThat(findings(run)).hasSize(1);
  }

  private static byte[] bytes(float[] values) {
    var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }
}
