package org.cairn.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * Says in the contract what every operation has in common, so that no operation has to: fields that
 * are always there, how a failure looks, and an example of each request and answer.
 *
 * <p>Runs while the program is built; the packaged program serves what it made.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ContractFilter implements OASFilter {

  private static final String PROBLEM = "Problem";
  private static final String ANY = "any";
  private static final String BYTES = "application/octet-stream";

  private final RequiredFields required;
  private final OperationExamples examples;

  public ContractFilter(IndexView index) {
    this(index, OperationExamples.load());
  }

  ContractFilter(IndexView index, OperationExamples examples) {
    this.required = new RequiredFields(index);
    this.examples = examples;
  }

  @Override
  public void filterOpenAPI(OpenAPI openApi) {
    if (openApi.getComponents() == null) {
      openApi.setComponents(OASFactory.createComponents());
    }
    var schemas = openApi.getComponents().getSchemas();
    if (schemas != null) {
      schemas.forEach(required::mark);
      schemas.values().forEach(ContractFilter::anchor);
    }
    openApi.getComponents().addResponse(PROBLEM, problem());
    if (openApi.getPaths() == null || openApi.getPaths().getPathItems() == null) {
      return;
    }
    for (var path : openApi.getPaths().getPathItems().values()) {
      path.getOperations().values().forEach(this::complete);
    }
    AccessContract.describe(openApi);
  }

  private static APIResponse problem() {
    var schema = OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM);
    return OASFactory.createAPIResponse()
        .description("What went wrong, as docs/problems.md lists it")
        .content(
            OASFactory.createContent()
                .addMediaType(
                    Problem.MEDIA_TYPE,
                    OASFactory.createMediaType().schema(schema).example(problemExample())));
  }

  private static Map<String, Object> problemExample() {
    var type = ProblemType.NOT_FOUND;
    var example = new LinkedHashMap<String, Object>();
    example.put("type", type.uri().toString());
    example.put("title", type.status().getReasonPhrase());
    example.put("status", type.status().getStatusCode());
    example.put("detail", "No run EleutherAI/pythia-1.4b");
    return example;
  }

  /** A pattern of Bean Validation holds for the whole text, one of JSON Schema for any part. */
  private static void anchor(@Nullable Schema schema) {
    if (schema == null) {
      return;
    }
    var pattern = schema.getPattern();
    if (pattern != null && !pattern.startsWith("^")) {
      schema.setPattern("^(?:" + pattern + ")$");
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(ContractFilter::anchor);
    }
    anchor(schema.getItems());
    anchor(schema.getAdditionalPropertiesSchema());
  }

  private void complete(Operation operation) {
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(parameter -> anchor(parameter.getSchema()));
    }
    if (operation.getResponses() == null) {
      operation.setResponses(OASFactory.createAPIResponses());
    }
    var example = examples.of(operation.getOperationId());
    if (example != null) {
      addRequest(operation, example);
      replaceResponses(operation, example);
    }
    operation
        .getResponses()
        .setDefaultValue(OASFactory.createAPIResponse().ref("#/components/responses/" + PROBLEM));
  }

  private static void addRequest(Operation operation, OperationExamples.Example example) {
    if (example.request() == null || operation.getRequestBody() == null) {
      return;
    }
    var content = operation.getRequestBody().getContent();
    if (content != null && content.getMediaTypes() != null) {
      content.getMediaTypes().values().forEach(media -> media.setExample(example.request()));
    }
  }

  /**
   * The scanner sees one answer and guesses its status; the examples know all of them. Each gets
   * the schema that was seen.
   */
  private static void replaceResponses(Operation operation, OperationExamples.Example example) {
    var seen = seen(operation);
    var responses = OASFactory.createAPIResponses();
    example
        .answers()
        .forEach((status, answer) -> {
          var response = OASFactory.createAPIResponse().description(answer.description());
          if (answer.bytes()) {
            response.setContent(bytes());
          } else if (answer.value() != null) {
            response.setContent(with(seen.getOrDefault(status, seen.get(ANY)), answer));
          }
          responses.addAPIResponse(status, response);
        });
    operation.setResponses(responses);
  }

  /** The contents that the scanner saw, by status, and one of them for any other status. */
  private static Map<String, Content> seen(Operation operation) {
    var seen = new LinkedHashMap<String, Content>();
    var responses = operation.getResponses().getAPIResponses();
    if (responses != null) {
      responses.forEach((status, response) -> {
        var content = response.getContent();
        if (status.startsWith("2") && content != null && content.getMediaTypes() != null) {
          seen.put(status, content);
          seen.putIfAbsent(ANY, content);
        }
      });
    }
    return seen;
  }

  private static Content with(@Nullable Content seen, OperationExamples.Answer answer) {
    var content = OASFactory.createContent();
    Map<String, MediaType> media =
        seen == null
            ? Map.of("application/json", OASFactory.createMediaType())
            : seen.getMediaTypes();
    media.forEach((name, type) ->
        content.addMediaType(
            name, OASFactory.createMediaType().schema(type.getSchema()).example(answer.value())));
    return content;
  }

  private static Content bytes() {
    var schema = OASFactory.createSchema().addType(Schema.SchemaType.STRING).format("binary");
    return OASFactory.createContent()
        .addMediaType(BYTES, OASFactory.createMediaType().schema(schema));
  }
}
