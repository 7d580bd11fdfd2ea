package org.cairn.dataset;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class DatasetResourceTest {

  private static String dataset() {
    var path = "/v1/projects/" + Given.project() + "/datasets";
    Given.post(path, "{\"name\":\"pile\",\"license\":\"MIT\"}").statusCode(201);
    return path + "/pile";
  }

  @Test
  void keepsFilesStoredElsewhereAndWithheld() throws Exception {
    var dataset = dataset();
    var bytes = ("rows " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
    var sha256 = Given.artifact(bytes);
    var body =
        """
        {"version":"1.0","tokens":300000000000,"tokenizerSha256":"%s","files":[
          {"path":"olmo/tokens.npy","sha256":"%s","size":%d,"role":"tokens","tokens":12},
          {"path":"part-0.bin","location":"https://example.org/part-0.bin","sha256":"%s","size":30000000000},
          {"path":"papers.npy","withheldReason":"may not be redistributed"}],
         "metadata":{"a":1}}
        """
            .formatted("b".repeat(64), sha256, bytes.length, "a".repeat(64));
    var digest =
        Given.post(dataset + "/versions", body)
            .statusCode(201)
            .body("version", is("1.0"))
            .body("fileCount", is(3))
            // Nobody said how large the withheld file is.
            .body("totalSize", nullValue())
            .body("tokens", is(300_000_000_000L))
            .body("metadata.a", is(1))
            .extract()
            .<String>path("digest");
    get(dataset + "/versions/1.0").then().statusCode(200).body("digest", is(digest));
    get(dataset + "/versions").then().body("items", hasSize(1));
    get(dataset + "/versions/1.0/files?pageSize=2")
        .then()
        .body("items", hasSize(2))
        .body("items[0].path", is("olmo/tokens.npy"));
    assertThat(Given.download(dataset + "/versions/1.0/files/olmo/tokens.npy").body())
        .isEqualTo(bytes);
    given()
        .head(dataset + "/versions/1.0/files/olmo/tokens.npy")
        .then()
        .statusCode(200)
        .header("Content-Length", "" + bytes.length);
    get(dataset + "/versions/1.0/files/papers.npy")
        .then()
        .statusCode(404)
        .body("detail", containsString("may not be redistributed"));
    get(dataset + "/versions/1.0/files/part-0.bin")
        .then()
        .statusCode(404)
        .body("detail", containsString("example.org"));
    // A version never changes.
    Given.post(dataset + "/versions", body).statusCode(409);
  }

  @Test
  void takesTenThousandFilesAtOnceAndPagesThroughThem() {
    var dataset = dataset();
    var files =
        IntStream.range(0, 10_000)
            .mapToObj(
                "{\"path\":\"part-%1$05d\",\"location\":\"https://example.org/%1$d\"}"::formatted)
            .collect(Collectors.joining(","));
    Given.post(dataset + "/versions", "{\"version\":\"big\",\"files\":[" + files + "]}")
        .statusCode(201)
        .body("fileCount", is(10_000));
    int seen = 0;
    String token = "";
    do {
      var page =
          given()
              .queryParam("pageSize", 1000)
              .queryParam("pageToken", token)
              .get(dataset + "/versions/big/files")
              .then()
              .statusCode(200)
              .extract();
      seen += page.<java.util.List<?>>path("items").size();
      token = page.path("nextPageToken");
    } while (token != null);
    assertThat(seen).isEqualTo(10_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "files[0].path|{\"path\":\"../up\",\"location\":\"x\"}",
        "files[0].path|{\"path\":\"/abs\",\"location\":\"x\"}",
        "files[1].path|{\"path\":\"a\",\"location\":\"x\"},{\"path\":\"a\",\"location\":\"y\"}",
        "files[0]|{\"path\":\"a\"}",
        "files[0]|{\"path\":\"a\",\"location\":\"x\",\"withheldReason\":\"y\"}",
        "files[0].sha256|{\"path\":\"a\",\"sha256\":\"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\",\"size\":1}",
        "files[0].sha256|{\"path\":\"a\",\"sha256\":\"xyz\",\"size\":1}",
        "files[0].size|{\"path\":\"a\",\"location\":\"x\",\"size\":-1}",
        "files|"
      })
  void namesTheFieldThatIsWrong(String field, String files) {
    var dataset = dataset();
    Given.post(
            dataset + "/versions",
            "{\"version\":\"1\",\"files\":[%s]}".formatted(files == null ? "" : files))
        .statusCode(400)
        .body("type", is("/problems/invalid-request"))
        .body("violations[0].field", is(field));
    get(dataset + "/versions").then().body("items", hasSize(0));
  }

  @Test
  void namesAreTakenWhateverTheirCase() {
    var dataset = dataset();
    var parent = dataset.substring(0, dataset.lastIndexOf('/'));
    Given.post(parent, "{\"name\":\"PILE\"}").statusCode(409);
    Given.post(parent, "{\"name\":\"a--b\"}").statusCode(400);
    get(parent + "/Pile").then().statusCode(200).body("name", is("pile"));
    get(parent + "/none").then().statusCode(404);
    get(parent).then().body("items", hasSize(1));
  }
}
