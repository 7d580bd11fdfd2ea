package org.cairn.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.created;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.patch;
import static org.cairn.testsupport.Api.post;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Api;
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

  private static final String ELSEWHERE =
      "{\"path\":\"a.bin\",\"location\":\"https://example.org/a.bin\"}";

  @Test
  void createsReadsAndChanges() {
    var project = Api.project();
    var datasets = "/v1/projects/" + project + "/datasets";
    created(datasets, "{\"name\":\"Pile-deduped\",\"license\":\"MIT\"}")
        .header("Location", endsWith(datasets + "/Pile-deduped"));
    var dataset = datasets + "/pile-DEDUPED";
    get(dataset)
        .then()
        .statusCode(200)
        .header("ETag", is("\"v0\""))
        .body("project", is(project))
        .body("name", is("Pile-deduped"))
        .body("license", is("MIT"));
    refused(post(datasets, "{\"name\":\"pile-deduped\"}"), 409, "conflict");
    refused(patch(dataset, "", "{\"title\":\"The Pile\"}"), 428, "precondition-required");
    patch(dataset, "\"v0\"", "{\"title\":\"The Pile\"}")
        .then()
        .statusCode(200)
        .header("ETag", is("\"v1\""));
    refused(patch(dataset, "\"v0\"", "{\"title\":\"x\"}"), 412, "precondition-failed");
    get(datasets).then().body("items.name", contains("Pile-deduped"));
    refused(get(datasets + "/other"), 404, "not-found");
    refused(get(datasets + "/%00"), 404, "not-found");
    refused(post(datasets, "{\"name\":\"a/b\"}"), "name");
    refused(post(datasets, "{\"name\":\"" + "x".repeat(97) + "\"}"), "name");
    refused(post(datasets, "{\"name\":\"x\",\"size\":1}"), "size");
  }

  @Test
  void registersAVersionOnceAndForAll() throws Exception {
    var bytes = "tokens of the pile".getBytes(StandardCharsets.UTF_8);
    var sha256 = Given.artifact(bytes);
    var versions = versions();
    var body =
        """
        {"version":"2024-01","source":"The Pile","tokens":207000000000,"license":"MIT",
         "tokenizerSha256":"%s",
         "files":[{"path":"z/withheld.jsonl","withheldReason":"licence of the source","size":5},
                  {"path":"data/document.bin","sha256":"%s","role":"tokens",
                   "mediaType":"application/x-tokens"},
                  {"path":"elsewhere.bin","location":"https://example.org/x","sha256":"%s",
                   "size":7,"tokens":3,"documents":1}]}
        """
            .formatted("a".repeat(64), sha256, "b".repeat(64));
    created(versions, body)
        .header("Location", endsWith(versions + "/2024-01"))
        .body("fileCount", is(3))
        .body("totalSize", is(bytes.length + 12))
        .body("metadata", is(Map.of()));
    refused(post(versions, body), 409, "conflict");

    var files = get(versions + "/2024-01/files");
    files
        .then()
        .body("items.path", contains("data/document.bin", "elsewhere.bin", "z/withheld.jsonl"))
        .body("items[0].size", is(bytes.length))
        .body("items[0].location", nullValue())
        .body("items[1].tokens", is(3))
        .body("items[2].withheldReason", is("licence of the source"));
    // anybody can take the digest of what is listed
    var list = JsonLimits.mapper().readTree(files.asString()).path("items");
    get(versions + "/2024-01")
        .then()
        .statusCode(200)
        .body("digest", is(CanonicalJson.digest(list).hex()))
        .body("tokenizerSha256", is("a".repeat(64)));

    var download = Given.download(versions + "/2024-01/files/data/document.bin");
    assertThat(download.statusCode()).isEqualTo(200);
    assertThat(download.body()).isEqualTo(bytes);
    io.restassured.RestAssured.given()
        .head(versions + "/2024-01/files/data/document.bin")
        .then()
        .statusCode(200)
        .header("ETag", is("\"" + sha256 + "\""))
        .header("Content-Type", containsString("application/x-tokens"))
        .header("Cache-Control", containsString("immutable"));
    get(versions + "/2024-01/files/elsewhere.bin")
        .then()
        .statusCode(404)
        .body("detail", containsString("https://example.org/x"));
    get(versions + "/2024-01/files/z/withheld.jsonl")
        .then()
        .statusCode(404)
        .body("detail", containsString("licence of the source"));
    refused(get(versions + "/2024-01/files/none"), 404, "not-found");
    refused(get(versions + "/2024-01/files/a%00b"), 404, "not-found");
    refused(get(versions + "/2025/files"), 404, "not-found");
    refused(get(versions + "/%00"), 404, "not-found");
  }

  @Test
  void theOrderOfARequestDoesNotMatterToTheDigest() {
    var versions = versions();
    var b = "{\"path\":\"b.bin\",\"location\":\"x\",\"size\":9007199254740993}";
    var one = created(versions, version("1", ELSEWHERE + "," + b)).extract();
    var two = created(versions, version("2", b + "," + ELSEWHERE)).extract();
    assertThat(one.<String>path("digest")).isEqualTo(two.path("digest"));
    get(versions).then().body("items.version", contains("2", "1"));
    assertThat(get(versions + "/1").asString()).doesNotContain("totalSize");
    var page = get(versions + "?pageSize=1");
    get(versions + "?pageSize=1&pageToken=" + page.path("nextPageToken"))
        .then()
        .body("items.version", contains("1"));
  }

  @Test
  void takesAHundredThousandFilesInOneRequest() {
    var versions = versions();
    var files = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      files
          .append(i == 0 ? "" : ",")
          .append("{\"path\":\"shard/%06d.npy\",\"sha256\":\"".formatted(i))
          .append(Sha256.of(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)))
          .append("\",\"size\":")
          .append(i)
          .append(",\"location\":\"s3://bucket/shard/")
          .append(i)
          .append("\"}");
    }
    created(versions, version("big", files.toString()))
        .body("fileCount", is(100_000))
        .body("totalSize", is(4_999_950_000L));
    var seen = new ArrayList<String>();
    var token = "";
    do {
      var page =
          get(
              versions
                  + "/big/files?pageSize=10000"
                  + (token.isEmpty() ? "" : "&pageToken=" + token));
      seen.addAll(page.<List<String>>path("items.path"));
      token = page.path("nextPageToken");
    } while (token != null);
    assertThat(seen).hasSize(100_000).doesNotHaveDuplicates().isSorted();
    files.append(",").append(ELSEWHERE);
    refused(post(versions, version("bigger", files.toString())), "files");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    var filler = "x".repeat(1_000_000);
    var body = new StringBuilder("{\"version\":\"v\",\"files\":[");
    for (int i = 0; i < 80; i++) {
      body.append("{\"path\":\"").append(filler).append("\"},");
    }
    refused(post(versions(), body.append("{}]}").toString()), 413, "too-large");
  }

  @Test
  void answersARepeatedRequestOnce() {
    var versions = versions();
    var key = Map.of("Idempotency-Key", "k");
    var first = post(versions, version("v", ELSEWHERE), key);
    first.then().statusCode(201);
    var again = post(versions, version("v", ELSEWHERE), key);
    again.then().statusCode(201);
    assertThat(again.asString()).isEqualTo(first.asString());
    refused(post(versions, version("w", ELSEWHERE), key), 409, "idempotency-mismatch");
  }

  @Test
  void aSegmentNamesADatasetVersionThatIsHere() {
    var versions = versions();
    created(versions, version("v1", ELSEWHERE));
    var names = versions.split("/", -1);
    var reference = names[3] + "/" + names[5] + "@v1";
    created(
            Api.run() + "/segments",
            segment(reference.toUpperCase(Locale.ROOT).replace("@V", "@v")))
        .body("dataOrder.recipe.seed", is(1234));
    refused(post(Api.run() + "/segments", segment(reference + "2")), "dataOrder.datasetVersion");
    refused(post(Api.run() + "/segments", segment("nothing")), "dataOrder.datasetVersion");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"path\":\"../a\",\"location\":\"x\"}|files[0].path",
        "{\"path\":\"/a\",\"location\":\"x\"}|files[0].path",
        "{\"path\":\"\",\"location\":\"x\"}|files[0].path",
        "{\"path\":\"a\"}|files[0]",
        "{\"path\":\"a\",\"location\":\"x\",\"withheldReason\":\"y\"}|files[0]",
        "{\"path\":\"a\",\"location\":\"x\"},{\"path\":\"a\",\"location\":\"x\"}|files[1].path",
        "{\"path\":\"a\",\"location\":\"x\"},{\"path\":\"a/b\",\"location\":\"x\"}|files",
        "{\"path\":\"a\",\"location\":\"x\",\"size\":-1}|files[0].size",
        "{\"path\":\"a\",\"location\":\"x\",\"size\":9223372036854775808}|files[0].size",
        "{\"path\":\"a\",\"location\":\"x\",\"size\":9223372036854775807},{\"path\":\"b\",\"location\":\"x\",\"size\":1}|files",
        "{\"path\":\"a\",\"sha256\":\"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\"}|files[0].sha256",
        "{\"path\":\"a\",\"sha256\":\"x\"}|files[0].sha256",
        "{\"path\":\"a\",\"location\":\"x\",\"role\":\"A B\"}|files[0].role",
        "{\"path\":\"a\",\"location\":\"x\",\"mediaType\":\"text\"}|files[0].mediaType",
        "{\"path\":\"a\",\"location\":\"x\",\"stored\":true}|files[0].stored",
        "null|files[0]"
      })
  void namesTheFileThatIsWrong(String files, String field) {
    var versions = versions();
    refused(post(versions, version("v", files)), field);
    get(versions).then().body("items.size()", is(0));
  }

  @Test
  void refusesVersionsWithoutFilesOrName() {
    refused(post(versions(), version("v", "")), "files");
    refused(post(versions(), "{\"version\":\"v\"}"), "files");
    refused(post(versions(), version("", ELSEWHERE)), "version");
    refused(post(versions(), version("a/b", ELSEWHERE)), "version");
    refused(
        post(versions(), "{\"version\":\"v\",\"tokens\":-1,\"files\":[" + ELSEWHERE + "]}"),
        "tokens");
    refused(
        post("/v1/projects/" + Api.project() + "/datasets/none/versions", version("v", ELSEWHERE)),
        404,
        "not-found");
  }

  private static String segment(String datasetVersion) {
    return "{\"name\":\"s\",\"dataOrder\":{\"kind\":\"recipe\",\"recipe\":{\"seed\":1234},"
        + "\"datasetVersion\":\""
        + datasetVersion
        + "\"}}";
  }

  private static String version(String name, String files) {
    return "{\"version\":\"" + name + "\",\"files\":[" + files + "]}";
  }

  private static String versions() {
    var datasets = "/v1/projects/" + Api.project() + "/datasets";
    created(datasets, "{\"name\":\"d\"}");
    return datasets + "/d/versions";
  }
}
