package org.cairn.xet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.cairn.artifact.ArtifactSource;

/** Makes files of chunks. */
@ApplicationScoped
class XetSource implements ArtifactSource {

  static final String NAME = "xet";

  private final Staging staging;

  XetSource(Staging staging) {
    this.staging = staging;
  }

  /** Points to a recipe: the thing itself may be too long for a row. */
  static JsonNode pointer(UUID session, String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("session", session.toString())
        .put("name", name);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public InputStream open(JsonNode recipe) throws IOException {
    var session = session(recipe);
    var terms = Recipe.decode(staging.recipe(session, recipe.path("name").asText()));
    return new FileStream(terms, term -> staging.open(session, term));
  }

  @Override
  public void release(JsonNode recipe) {
    staging.deleteRecipe(session(recipe), recipe.path("name").asText());
  }

  private static UUID session(JsonNode recipe) {
    return UUID.fromString(recipe.path("session").asText());
  }
}
