package org.cairn.trajectory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class StatisticsResourceTest {

  private static final String NEOX = "gpt_neox.layers.0.attention.dense.weight";
  private static final String LLAMA = "model.layers.0.self_attn.o_proj.weight";
  private static final String CANONICAL = "layers.0.attention.output.weight";

  @Inject DataSource database;

  private static void seal(String run, int step, byte[]... files) throws Exception {
    var entries = new ArrayList<String>();
    for (var file : files) {
      entries.add(
          "{\"path\":\"model%s.safetensors\",\"sha256\":\"%s\",\"size\":%d}"
              .formatted(
                  files.length == 1
                      ? ""
                      : "-%05d-of-%05d".formatted(entries.size() + 1, files.length),
                  Given.artifact(file),
                  file.length));
    }
    Given.post(
            run + "/checkpoints",
            "{\"step\":%d,\"tokens\":%d,\"files\":[%s]}"
                .formatted(step, step * 10L, String.join(",", entries)))
        .statusCode(201);
    given().post(run + "/checkpoints/step" + step + "/seal").then().statusCode(200);
  }

  private static byte[] file(String name, float... values) {
    return new Safetensors()
        .floats(name, List.of(values.length), values)
        .floats("step \\\"counter\\\", of it", List.of(1), values[0])
        .bytes();
  }

  private static ValidatableResponse series(String run, String query) {
    return Api.get(run + "/tensor-statistics" + (query.isEmpty() ? "" : "?" + query)).then();
  }

  /** Three checkpoints, of which the last was converted and is as the second one. */
  private static String run() throws Exception {
    var run = Given.run("");
    seal(run, 0, file(NEOX, 3, 4));
    seal(run, 1, file(NEOX, 0, 4));
    seal(run, 2, file(LLAMA, 0, 4));
    return run;
  }

  @Test
  void rowsAreInOrderOfTrainingAndSayWhatTheTensorWasLike() throws Exception {
    var run = run();
    series(run, "")
        .statusCode(200)
        .contentType("application/json")
        .body("items.step", equalTo(List.of(0, 0, 1, 1, 2, 2)))
        .body("items[0].label", equalTo("step0"))
        .body("items[0].tokens", equalTo(0))
        .body("items[2].tokens", equalTo(10))
        .body("items[0].name", equalTo(NEOX))
        .body("items[0].canonicalName", equalTo(CANONICAL))
        .body("items[0].dtype", equalTo("F32"))
        .body("items[0].elements", equalTo(2))
        .body("items[0].mean", equalTo(3.5f))
        .body("items[0].standardDeviation", equalTo(0.5f))
        .body("items[0].l1", equalTo(7f))
        .body("items[0].l2", equalTo(5f))
        .body("items[2].zeros", equalTo(1))
        .body("items[1].name", equalTo("step \"counter\", of it"))
        .body("items[0].previousDistance", equalTo(null));
  }

  @ParameterizedTest
  @CsvSource({
    "name=" + CANONICAL + ", '0,1,2'",
    "name=canonical:" + CANONICAL + ", '0,1,2'",
    "name=" + NEOX + ", '0,1'",
    "name=" + NEOX + "&name=" + LLAMA + ", '0,1,2'",
    "name=*.attention.*, '0,1,2'",
    "name=*.self_attn.*, '2'",
    "name=canonical:layers.*.output.weight&stepFrom=1, '1,2'",
    "name=*output*&spacing=linear&points=2, '0,2'",
    "name=*output*&stepFrom=9, ''",
  })
  void namesAndSelectorsChoose(String query, String steps) throws Exception {
    var found = series(run(), query).statusCode(200).extract().<List<Integer>>path("items.step");
    assertThat(found.stream().map(String::valueOf).toList())
        .isEqualTo(steps.isEmpty() ? List.of() : List.of(steps.split(",")));
  }

  @Test
  void theOwnSpellingWinsOverTheCanonicalName() throws Exception {
    var run = Given.run("");
    seal(
        run,
        0,
        new Safetensors().floats(NEOX, List.of(1), 1).floats(CANONICAL, List.of(1), 2).bytes());
    series(run, "name=" + CANONICAL).body("items.name", equalTo(List.of(CANONICAL)));
    series(run, "name=canonical:" + CANONICAL).body("items.name", equalTo(List.of(NEOX)));
  }

  private static byte[] single(String name, float value) {
    return new Safetensors().floats(name, List.of(1), value).bytes();
  }

  @Test
  void commaSeparatedValuesHaveTheSameRows() throws Exception {
    var answer = Api.get(run() + "/tensor-statistics?format=csv&stepTo=0&pairs=previous");
    assertThat(answer.contentType()).isEqualTo("text/csv;charset=UTF-8");
    assertThat(answer.asString().split("\r\n"))
        .containsExactly(
            "label,stage,branch,step,tokens,name,canonicalName,dtype,elements,zeros,nans,infinities,min,max,mean,"
                + "standardDeviation,l1,l2,previousDistance,previousCosine,relativeUpdate",
            "step0,,,0,0," + NEOX + "," + CANONICAL + ",F32,2,0,0,0,3.0,4.0,3.5,0.5,7.0,5.0,,,",
            "step0,,,0,0,\"step \"\"counter\"\", of it\",,F32,1,0,0,0,3.0,3.0,3.0,0.0,3.0,3.0,,,");
  }

  @Test
  void aParquetFileHasTheSameRows() throws Exception {
    var answer =
        Api.get(run() + "/tensor-statistics?format=parquet&name=" + CANONICAL + "&pairs=previous");
    assertThat(answer.contentType()).isEqualTo("application/vnd.apache.parquet");
    try (var file = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(answer.asByteArray())));
        var rows = file.rowReader()) {
      var steps = new ArrayList<Long>();
      var means = new ArrayList<Double>();
      while (rows.hasNext()) {
        rows.next();
        steps.add(rows.getLong("step"));
        means.add(rows.getDouble("mean"));
        assertThat(rows.getString("canonicalName")).isEqualTo(CANONICAL);
        assertThat(rows.isNull("previousDistance")).isEqualTo(steps.size() == 1);
      }
      assertThat(steps).containsExactly(0L, 1L, 2L);
      assertThat(means).containsExactly(3.5, 2.0, 2.0);
    }
  }

  @Test
  void pairsCompareATensorWithItselfAtOtherCheckpoints() throws Exception {
    var json =
        series(run(), "name=" + CANONICAL + "&pairs=previous,first,last")
            .statusCode(200)
            .extract()
            .jsonPath();
    assertThat(json.<Object>get("items[0].previousDistance")).isNull();
    assertThat(json.getDouble("items[1].previousDistance")).isEqualTo(3);
    assertThat(json.getDouble("items[1].relativeUpdate")).isCloseTo(0.6, within(1e-6));
    assertThat(json.getDouble("items[1].previousCosine")).isCloseTo(0.8, within(1e-6));
    assertThat(json.getDouble("items[2].previousDistance")).isZero();
    assertThat(json.getDouble("items[2].previousCosine")).isEqualTo(1);
    assertThat(json.getDouble("items[0].firstDistance")).isZero();
    assertThat(json.getDouble("items[2].firstDistance")).isEqualTo(3);
    assertThat(json.getDouble("items[0].lastDistance")).isEqualTo(3);
    assertThat(json.getDouble("items[0].lastCosine")).isCloseTo(0.8, within(1e-6));
    assertThat(json.getDouble("items[1].lastDistance")).isZero();
  }

  @Test
  void aPairIsMeasuredOnce() throws Exception {
    var run = Given.run("");
    seal(run, 0, file(NEOX, Safetensors.values(60_000, 41)));
    seal(run, 1, file(NEOX, Safetensors.values(60_000, 42)));
    var query = "name=" + NEOX + "&pairs=previous,first,last";
    double measured = series(run, query).extract().jsonPath().getDouble("items[1].firstDistance");
    var exact = 0.0;
    var left = Safetensors.values(60_000, 41);
    var right = Safetensors.values(60_000, 42);
    for (int i = 0; i < left.length; i++) {
      exact += ((double) left[i] - right[i]) * ((double) left[i] - right[i]);
    }
    assertThat(measured).isCloseTo(Math.sqrt(exact), within(1e-4));
    // What is kept is what is answered: nobody reads the tensors again.
    assertThat(update("update tensor_pair set distance = 12345 where distance = " + kept(measured)))
        .isEqualTo(1);
    series(run, query)
        .body("items[1].previousDistance", equalTo(12345f))
        .body("items[0].lastDistance", equalTo(12345f));
  }

  /** JSON in tests is read as floats; the table has the double. */
  private static String kept(double measured) {
    return "any (select distance from tensor_pair where abs(distance - " + measured + ") < 1e-3)";
  }

  private int update(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Test
  void whatCannotBeComparedIsUnknown() throws Exception {
    var run = Given.run("");
    seal(run, 0, file(NEOX, 1, 2));
    seal(run, 1, file(NEOX, 1, 2, 3));
    seal(run, 2, file(NEOX, 1, 2, Float.NaN));
    seal(
        run,
        3,
        new Safetensors()
            .tensor(NEOX, "BF16", List.of(3), new byte[] {0, 63, 0, 64, 0, 65})
            .bytes());
    seal(
        run,
        4,
        new Safetensors()
            .tensor(NEOX, "BF16", List.of(3), new byte[] {0, 63, 0, 64, 0, 66})
            .bytes());
    series(run, "name=" + NEOX + "&pairs=previous,first")
        .statusCode(200)
        .body("items", hasSize(5))
        .body("items[0].firstDistance", equalTo(0f))
        .body("items[1].firstDistance", equalTo(null))
        .body("items[2].previousDistance", equalTo(null))
        .body("items[2].previousCosine", equalTo(null))
        .body("items[3].relativeUpdate", equalTo(null))
        .body("items[4].previousDistance", equalTo(24f));
  }

  @Test
  void shardsAreOneCheckpointAndADraftIsReadToo() throws Exception {
    var run = Given.run("");
    seal(run, 0, single("a", 1), single("b", 2));
    series(run, "").body("items.name", equalTo(List.of("a", "b")));
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    series(run, "").body("items.step", equalTo(List.of(0, 0)));
    series(run, "state=draft").statusCode(200).body("items", hasSize(0));
  }

  @ParameterizedTest
  @CsvSource({
    "name=none, 404, No tensor none in these checkpoints",
    "name=*none*, 404, No tensor *none*",
    "name=canonical:" + NEOX + ", 404, No tensor canonical:",
    "name=a%00b, 400, name",
    "name=*a*b*c*d*e*f*g*h*, 400, more than 8 times *",
    "format=xml, 400, 'must be one of [json, csv'",
    "pairs=next, 400, 'any of previous, first and last'",
    "'pairs=previous,', 400, 'any of previous, first and last'",
    "points=3, 400, needs spacing",
    "spacing=log&points=0, 400, points",
    "kind=none, 400, kind",
    "slice=1, 400, is not a parameter of this operation",
  })
  void saysWhatIsWrong(String query, int status, String reason) throws Exception {
    series(run(), query).statusCode(status).body("detail", containsString(reason));
  }

  @Test
  void moreNamesThanTheLimitAreRefused() throws Exception {
    var run = Given.run("");
    var many = new Safetensors();
    for (int i = 0; i <= StatisticsReader.MAX_NAMES; i++) {
      many.floats("t" + i, List.of(1), i);
    }
    seal(run, 0, many.bytes());
    series(run, "")
        .statusCode(400)
        .body("violations.field", equalTo(List.of("name")))
        .body("detail", containsString("201 tensors"));
    series(run, "name=t1*").statusCode(200).body("items", hasSize(111));
    series(run, "name=t7&" + "name=t8&".repeat(50)).statusCode(400);
    given().get("/v1/projects/none/runs/none/tensor-statistics").then().statusCode(404);
  }
}
