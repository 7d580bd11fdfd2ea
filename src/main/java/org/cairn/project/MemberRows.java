package org.cairn.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** Reads cards of what projects have, from rows with the columns of {@link #COLUMNS}. */
public final class MemberRows {

  /** Of member {@code m} and project {@code p}; citation, family and axes follow. */
  public static final String COLUMNS =
      "m.id, p.name as project, m.name, m.description, m.license, m.metadata, (p.is_private or m.is_private) as is_private, m.created_at, m.updated_at";

  /** Whether {@code t.tag} is one that the owner gave. */
  public static final String TAGGED =
      "t.tag = 'license:' || m.license or jsonb_exists(m.metadata -> 'tags', t.tag)"
          + " or t.tag = m.metadata ->> 'pipeline_tag' or t.tag = m.metadata ->> 'library_name'";

  private static final ObjectMapper JSON = JsonLimits.mapper();

  private MemberRows() {}

  /**
   * A card.
   *
   * @param own tags that things of this kind have besides
   */
  public static MemberCard card(ResultSet r, @Nullable String citation, List<String> own)
      throws SQLException {
    var metadata = json(r.getString("metadata"));
    var license = r.getString("license");
    var tags = new LinkedHashSet<>(own);
    if (license != null) {
      tags.add("license:" + license);
    }
    metadata.path("tags").forEach(tag -> tags.add(tag.asText()));
    return new MemberCard(
        r.getObject("id", UUID.class),
        r.getString("project"),
        r.getString("name"),
        r.getString("description"),
        license,
        citation,
        List.copyOf(tags),
        metadata,
        r.getBoolean("is_private"),
        Objects.requireNonNull(Sql.instant(r, "created_at")),
        Objects.requireNonNull(Sql.instant(r, "updated_at")));
  }

  public static JsonNode json(String column) {
    try {
      return JSON.readTree(column);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored column does not parse", e);
    }
  }
}
