package org.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import org.openapitools.openapidiff.core.output.ConsoleRender;

/** A client of the last release goes on working. */
class OpenApiCompatibilityTest {

  @Test
  void theContractBreaksNoClientOfTheLastRelease() throws IOException {
    var baseline = Contract.parse(Files.readString(Contract.BASELINE));
    var difference = compare(baseline, Contract.read());
    assertThat(difference.isIncompatible()).as(new ConsoleRender().render(difference)).isFalse();
  }

  @Test
  void aRemovedOperationIsCaught() throws IOException {
    var changed = Contract.read().copy();
    assertThat(object(changed, "/paths/~1v1~1projects").remove("get")).isNotNull();
    assertIncompatible(changed);
  }

  @Test
  void aRenamedParameterIsCaught() throws IOException {
    var changed = Contract.read().copy();
    var parameters = changed.document().at("/paths/~1v1~1projects/get/parameters");
    var renamed = false;
    for (var parameter : parameters) {
      if (parameter.path("name").asText().equals("pageSize")) {
        ((ObjectNode) parameter).put("name", "limit");
        renamed = true;
      }
    }
    assertThat(renamed).isTrue();
    assertIncompatible(changed);
  }

  @Test
  void aNewRequiredFieldOfARequestIsCaught() throws IOException {
    var changed = Contract.read().copy();
    var request = object(changed, "/components/schemas/CreateProjectRequest");
    ((ObjectNode) request.get("properties")).putObject("owner").put("type", "string");
    ArrayNode required = request.withArray("required");
    required.add("owner");
    assertIncompatible(changed);
  }

  @Test
  void aFieldThatIsNoLongerAnsweredIsCaught() throws IOException {
    var changed = Contract.read().copy();
    var view = object(changed, "/components/schemas/ProjectView");
    assertThat(((ObjectNode) view.get("properties")).remove("createdAt")).isNotNull();
    var required = (ArrayNode) view.get("required");
    for (int i = required.size() - 1; i >= 0; i--) {
      if (required.get(i).asText().equals("createdAt")) {
        required.remove(i);
      }
    }
    assertIncompatible(changed);
  }

  @Test
  void anAdditionIsNotABreak() throws IOException {
    var changed = Contract.read().copy();
    var request = object(changed, "/components/schemas/CreateProjectRequest");
    ((ObjectNode) request.get("properties")).putObject("nickname").put("type", "string");
    var difference = compare(Contract.read(), changed);
    assertThat(difference.isDifferent()).isTrue();
    assertThat(difference.isIncompatible()).isFalse();
  }

  private static ObjectNode object(Contract contract, String pointer) {
    JsonNode node = contract.document().at(pointer);
    assertThat(node.isObject()).as(pointer).isTrue();
    return (ObjectNode) node;
  }

  private static void assertIncompatible(Contract changed) throws IOException {
    assertThat(compare(Contract.read(), changed).isIncompatible()).isTrue();
  }

  private static ChangedOpenApi compare(Contract before, Contract after) {
    return OpenApiCompare.fromContents(before.json(), after.json());
  }
}
