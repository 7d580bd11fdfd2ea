package org.cairn.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.Index;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContractFilterTest {

  private static final String EXAMPLES =
      """
      createThing:
        request: {name: a}
        answers:
          200: {description: It was there, value: {name: a}}
          201: {description: Created, value: {name: a, note: b}}
      getBytes:
        answers:
          200: {description: The bytes, bytes: true}
          307: {description: Elsewhere}
      """;

  record Thing(String name, @Nullable String note, List<String> tags) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Sparse(String name, List<String> tags) {}

  record Renamed(@JsonProperty("class") String kind, @Nullable String note) {}

  record Listing<T>(List<T> items, @Nullable String next) {}

  @Test
  void aComponentThatMayNotBeNullIsRequired() throws IOException {
    var schema = schema("name", "note", "tags");
    assertThat(filtered("Thing", schema).getRequired()).containsExactly("name", "tags");
  }

  @Test
  void aListThatIsLeftOutWhenEmptyIsNotRequired() throws IOException {
    assertThat(filtered("Sparse", schema("name", "tags")).getRequired()).containsExactly("name");
  }

  @Test
  void aComponentIsKnownByItsNameInJson() throws IOException {
    assertThat(filtered("Renamed", schema("class", "note")).getRequired()).containsExactly("class");
  }

  @Test
  void theNameOfAGenericSchemaBeginsWithThatOfItsRecord() throws IOException {
    assertThat(filtered("ListingThing", schema("items", "next")).getRequired())
        .containsExactly("items");
  }

  @Test
  void anObjectThatIsNoRecordStaysAsItIs() throws IOException {
    assertThat(filtered("Thing", schema("other")).getRequired()).isNull();
    assertThat(filtered("Unknown", schema("name")).getRequired()).isNull();
  }

  @Test
  void aPatternHoldsForTheWholeText() throws IOException {
    var inner = OASFactory.createSchema().pattern("[a-z]|[0-9]");
    var schema =
        OASFactory.createSchema().addProperty("list", OASFactory.createSchema().items(inner));
    filtered("Unknown", schema);
    assertThat(inner.getPattern()).isEqualTo("^(?:[a-z]|[0-9])$");
  }

  @Test
  void everyStatusOfTheExamplesIsAnAnswerWithTheSchemaThatWasSeen() throws IOException {
    var operation = operation("createThing");
    var body = OASFactory.createRequestBody();
    body.setContent(
        OASFactory.createContent().addMediaType("application/json", OASFactory.createMediaType()));
    operation.setRequestBody(body);
    filter(operation);
    var answers = operation.getResponses().getAPIResponses();
    assertThat(answers.keySet()).containsExactly("200", "201", "default", "401", "403");
    var created = requireNonNull(answers.get("201")).getContent().getMediaType("application/json");
    assertThat(created.getSchema().getRef()).isEqualTo("#/components/schemas/Thing");
    assertThat(created.getExample()).hasToString("{name=a, note=b}");
    assertThat(requireNonNull(answers.get("default")).getRef())
        .isEqualTo("#/components/responses/Problem");
    assertThat(body.getContent().getMediaType("application/json").getExample())
        .hasToString("{name=a}");
  }

  @Test
  void bytesHaveTheTypeOfBytesAndARedirectHasNone() throws IOException {
    var operation = operation("getBytes");
    filter(operation);
    var answers = operation.getResponses().getAPIResponses();
    assertThat(requireNonNull(answers.get("200")).getContent().getMediaTypes())
        .containsOnlyKeys("application/octet-stream");
    assertThat(requireNonNull(answers.get("307")).getContent()).isNull();
  }

  @Test
  void anOperationWithoutExamplesKeepsItsAnswers() throws IOException {
    var operation = operation("unheardOf");
    filter(operation);
    assertThat(operation.getResponses().getAPIResponses())
        .containsOnlyKeys("200", "default", "401", "403");
  }

  private static Operation operation(String id) {
    var schema = OASFactory.createSchema().ref("#/components/schemas/Thing");
    var media = OASFactory.createMediaType().schema(schema);
    var response =
        OASFactory.createAPIResponse()
            .description("OK")
            .content(OASFactory.createContent().addMediaType("application/json", media));
    return OASFactory.createOperation()
        .operationId(id)
        .responses(OASFactory.createAPIResponses().addAPIResponse("200", response));
  }

  private static void filter(Operation operation) throws IOException {
    var item = OASFactory.createPathItem();
    item.setOperation(PathItem.HttpMethod.POST, operation);
    filter(OASFactory.createOpenAPI().paths(OASFactory.createPaths().addPathItem("/things", item)));
  }

  private static Schema filtered(String name, Schema schema) throws IOException {
    filter(
        OASFactory.createOpenAPI()
            .components(OASFactory.createComponents().addSchema(name, schema)));
    return schema;
  }

  private static void filter(OpenAPI openApi) throws IOException {
    var index = Index.of(Thing.class, Sparse.class, Renamed.class, Listing.class);
    var examples = OperationExamples.parse(new ByteArrayInputStream(EXAMPLES.getBytes(UTF_8)));
    new ContractFilter(index, examples).filterOpenAPI(openApi);
  }

  private static Schema schema(String... fields) {
    var schema = OASFactory.createSchema().addType(Schema.SchemaType.OBJECT);
    for (var field : fields) {
      schema.addProperty(field, OASFactory.createSchema());
    }
    return schema;
  }
}
