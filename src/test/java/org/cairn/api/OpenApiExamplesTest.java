package org.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every operation shows a request and an answer, and each is one that the service would take. */
class OpenApiExamplesTest {

  private static final String JSON = "application/json";
  private static final String JSON_LINES = "application/x-ndjson";

  private final Contract contract;

  OpenApiExamplesTest() throws IOException {
    contract = Contract.read();
  }

  @Test
  void thereAreExamplesForEveryOperationAndForNothingElse() {
    var operations = new TreeSet<>(contract.operations().stream().map(o -> o.id()).toList());
    assertThat(new TreeSet<>(OperationExamples.load().operations())).isEqualTo(operations);
  }

  @Test
  void everyJsonBodyHasAnExampleThatFitsItsSchema() throws IOException {
    var faults = new ArrayList<String>();
    for (var operation : contract.operations()) {
      check(operation.id() + " request", operation.node().path("requestBody"), faults);
      for (var response : operation.node().path("responses").properties()) {
        check(operation.id() + " " + response.getKey(), response.getValue(), faults);
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyOperationAnswersSomethingAndMayAnswerAProblem() {
    assertThat(contract.operations())
        .isNotEmpty()
        .allSatisfy(operation -> {
          var responses = operation.node().path("responses");
          assertThat(responses.size()).as(operation.id()).isGreaterThan(1);
          assertThat(responses.path("default").path("$ref").asText())
              .as(operation.id())
              .isEqualTo("#/components/responses/Problem");
        });
    var problem = contract.document().at("/components/responses/Problem/content");
    var media = problem.path(Problem.MEDIA_TYPE);
    assertThat(SchemaCheck.faults(contract, media.path("schema"), media.path("example"))).isEmpty();
  }

  @Test
  void everyOperationIsNamedSummedUpAndFiledUnderATag() {
    assertThat(contract.operations())
        .allSatisfy(operation -> {
          assertThat(operation.node().path("operationId").asText()).isNotEmpty();
          assertThat(operation.node().path("summary").asText()).as(operation.id()).isNotEmpty();
          assertThat(operation.node().path("tags").size()).as(operation.id()).isEqualTo(1);
        });
  }

  @Test
  void aWrongExampleIsNoticed() throws IOException {
    var json = new ObjectMapper();
    var schema = json.readTree("{\"$ref\":\"#/components/schemas/Problem\"}");
    assertThat(
            SchemaCheck.faults(
                contract, schema, json.readTree("{\"type\":1,\"status\":404,\"more\":true}")))
        .contains("/: lacks title", "/type: is no text", "/more: is not in the schema");
  }

  private void check(String where, JsonNode body, List<String> faults) throws IOException {
    for (var media : body.path("content").properties()) {
      if (!media.getKey().equals(JSON) && !media.getKey().equals(JSON_LINES)) {
        continue;
      }
      var example = media.getValue().path("example");
      if (example.isMissingNode()) {
        faults.add(where + ": no example");
        continue;
      }
      for (var value : media.getKey().equals(JSON) ? List.of(example) : lines(example)) {
        for (var fault : SchemaCheck.faults(contract, media.getValue().path("schema"), value)) {
          faults.add(where + " " + fault);
        }
      }
    }
  }

  private static List<JsonNode> lines(JsonNode text) throws IOException {
    var values = new ArrayList<JsonNode>();
    var json = new ObjectMapper();
    for (var line : text.asText().lines().toList()) {
      values.add(json.readTree(line));
    }
    return values;
  }
}
