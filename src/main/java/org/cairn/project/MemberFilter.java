package org.cairn.project;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.cairn.access.ReadScope;
import org.jspecify.annotations.Nullable;

/**
 * Which members of all projects a listing is about: runs or datasets, newest first.
 *
 * @param scope of which projects what is private is listed too
 * @param words parts of {@code project/name}, all of them
 * @param project name of a project; null for all
 * @param tags all of them
 * @param changed whether the last change counts, and not the making
 * @param after the last one of the page before
 */
public record MemberFilter(
    ReadScope scope,
    List<String> words,
    @Nullable String project,
    List<String> tags,
    boolean changed,
    @Nullable After after,
    int limit) {

  /** Where a page begins. */
  public record After(Instant time, UUID id) {}

  /** A clause over project {@code p} and member {@code m}, and its values. */
  public record Clause(String sql, List<Object> values) {}

  /** The time that orders the listing. */
  public String time() {
    return changed ? "m.updated_at" : "m.created_at";
  }

  /**
   * What follows the tables of a statement.
   *
   * @param tagCondition over {@code m} and {@code t.tag}
   */
  public Clause clause(String tagCondition) {
    var sql = new StringBuilder("where true");
    var values = new ArrayList<Object>();
    if (!scope.all()) {
      sql.append(" and (not (p.is_private or m.is_private) or lower(p.name) = any(?))");
      values.add(scope.projects().toArray(String[]::new));
    }
    for (var word : words) {
      sql.append(" and strpos(lower(p.name || '/' || m.name), ?) > 0");
      values.add(word.toLowerCase(Locale.ROOT));
    }
    if (project != null) {
      sql.append(" and lower(p.name) = lower(?)");
      values.add(project);
    }
    for (var tag : tags) {
      sql.append(" and exists (select 1 from (select cast(? as text) as tag) t where ")
          .append(tagCondition)
          .append(")");
      values.add(tag);
    }
    if (after != null) {
      sql.append(" and (").append(time()).append(", m.id) < (?, ?)");
      values.add(after.time().atOffset(ZoneOffset.UTC));
      values.add(after.id());
    }
    sql.append(" order by ").append(time()).append(" desc, m.id desc limit ?");
    values.add(limit);
    return new Clause(sql.toString(), values);
  }
}
