package org.cairn.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.created;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.post;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.JsonLimits;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ConfigurationResourceTest {

  @Test
  void parsesTheBytesAndKeepsThem() throws Exception {
    var raw = Given.artifact("{\n# NeoX\n\"num-layers\": 24, \"lr\": 1e-4, \"flops\": 1e21,\n}\n");
    var configurations = configurations();
    var id =
        created(configurations, "{\"name\":\"1-4B.yml\",\"raw\":\"" + raw + "\"}")
            .body("raw", is(raw.hex()))
            .body("parseError", nullValue())
            .body("digest", notNullValue())
            .extract()
            .<String>path("id");
    var read = get(configurations + "/" + id);
    read.then()
        .statusCode(200)
        .header("ETag", notNullValue())
        .body("resolved.num-layers", is(24))
        .body("name", is("1-4B.yml"));
    var json = JsonLimits.mapper().readTree(read.asString());
    assertThat(json.at("/resolved/lr").decimalValue()).isEqualByComparingTo("1e-4");
    assertThat(CanonicalJson.digest(json.path("resolved")).hex())
        .isEqualTo(json.path("digest").textValue());
    get(configurations)
        .then()
        .body("items.id", contains(id))
        .body("items[0].resolved", nullValue());
  }

  @Test
  void keepsBytesThatDoNotParseWithTheReason() throws Exception {
    var raw = Given.artifact("{ \"a\": [1, 2\n \"b\": 3 }");
    created(configurations(), "{\"name\":\"12B.yml\",\"raw\":\"" + raw + "\"}")
        .body("parseError", containsString("line 2"))
        .body("resolved", nullValue())
        .body("digest", nullValue());
    var large = new byte[RawConfiguration.MAX_BYTES + 1];
    java.util.Arrays.fill(large, (byte) ' ');
    created(configurations(), "{\"name\":\"l\",\"raw\":\"" + Given.artifact(large) + "\"}")
        .body("parseError", containsString("larger"));
  }

  @Test
  void takesWhatWasResolvedElsewhere() throws Exception {
    var raw = Given.artifact("${oc.env:HOME}: [");
    created(
            configurations(),
            "{\"name\":\"c\",\"raw\":\"" + raw + "\",\"resolved\":{\"a\":{\"b\":1.5}}}")
        .body("resolved.a.b", is(1.5f))
        .body("parseError", nullValue());
  }

  @Test
  void findsAnEqualOneAgain() {
    var configurations = configurations();
    var first =
        created(configurations, "{\"name\":\"c\",\"resolved\":{\"a\":1,\"b\":2}}")
            .extract()
            .<String>path("id");
    post(configurations, "{\"name\":\"c\",\"resolved\":{\"b\":2,\"a\":1}}")
        .then()
        .statusCode(200)
        .body("id", is(first));
    created(configurations, "{\"name\":\"c\",\"resolved\":{\"b\":2,\"a\":2}}");
    created(configurations, "{\"name\":\"d\",\"resolved\":{\"b\":2,\"a\":1}}");
    get(configurations + "?name=c").then().body("items.size()", is(2));
    get(configurations + "?name=e").then().body("items.size()", is(0));
  }

  @Test
  void answersARepeatedRequestOnce() {
    var configurations = configurations();
    var key = Map.of("Idempotency-Key", "k");
    var body = "{\"name\":\"c\",\"resolved\":{\"a\":1}}";
    var first = post(configurations, body, key);
    first.then().statusCode(201);
    var again = post(configurations, body, key);
    again.then().statusCode(201).body("id", is(first.<String>path("id")));
    refused(
        post(configurations, "{\"name\":\"c\",\"resolved\":{\"a\":2}}", key),
        409,
        "idempotency-mismatch");
  }

  @Test
  void refusesWhatIsNoConfiguration() {
    var configurations = configurations();
    refused(post(configurations, "{\"name\":\"c\"}"), "raw");
    refused(post(configurations, "{\"name\":\"c\",\"raw\":\"" + "0".repeat(64) + "\"}"), "raw");
    refused(post(configurations, "{\"name\":\"c\",\"raw\":\"00\"}"), "raw");
    refused(post(configurations, "{\"name\":\"c\",\"resolved\":[1]}"), "resolved");
    refused(post(configurations, "{\"name\":\"\",\"resolved\":{}}"), "name");
    refused(post(configurations, "{\"name\":\"a\\nb\",\"resolved\":{}}"), "name");
    refused(
        post(configurations, "{\"name\":\"c\",\"resolved\":{},\"rawMediaType\":\"x\"}"),
        "rawMediaType");
    refused(
        post(
            configurations,
            "{\"name\":\"c\",\"resolved\":{\"a\":" + "[".repeat(50) + "]".repeat(50) + "}}"),
        "resolved");
    refused(post(configurations, "{\"name\":\"c\",\"resolved\":{\"a\":1e999}}"), "resolved");
    refused(get(configurations + "/" + UUID.randomUUID()), 404, "not-found");
    refused(get(configurations + "/x"), 404, "not-found");
    refused(
        post("/v1/projects/nobody-here/configurations", "{\"name\":\"c\",\"resolved\":{}}"),
        404,
        "not-found");
    get(configurations).then().body("items.size()", is(0));
  }

  @Test
  void aSegmentNamesAConfigurationOfItsProject() {
    var project = Api.project();
    var configurations = "/v1/projects/" + project + "/configurations";
    String id = created(configurations, "{\"name\":\"c\",\"resolved\":{}}").extract().path("id");
    created(Api.run(project, "") + "/segments", "{\"name\":\"s\",\"configuration\":\"" + id + "\"}")
        .body("configuration", is(id));
    refused(
        post(Api.run() + "/segments", "{\"name\":\"s\",\"configuration\":\"" + id + "\"}"),
        "configuration");
  }

  private static String configurations() {
    return "/v1/projects/" + Api.project() + "/configurations";
  }
}
