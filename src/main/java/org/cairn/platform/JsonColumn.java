package org.cairn.platform;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a column of an entity. Jackson's nodes are Serializable, so Hibernate would copy them
 * that way and get doubles for decimals, and then take every such row for changed.
 */
public record JsonColumn(@JsonValue JsonNode json) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public JsonColumn {}

  public static @Nullable JsonColumn of(@Nullable JsonNode json) {
    return json == null ? null : new JsonColumn(json);
  }

  /** What was stored as an object. */
  public ObjectNode object() {
    return (ObjectNode) json;
  }

  /** The same for a column that may be empty. */
  public static @Nullable ObjectNode objectOf(@Nullable JsonColumn column) {
    return column == null ? null : column.object();
  }
}
