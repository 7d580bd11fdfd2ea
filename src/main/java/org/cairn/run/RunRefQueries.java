package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.platform.Names;
import org.hibernate.Session;

/** From the names of runs to their ids and back, in one statement however many. */
@ApplicationScoped
class RunRefQueries {

  /** The names of a run as somebody spells them. */
  record RunName(String project, String run) {
    RunName folded() {
      return new RunName(project.toLowerCase(Locale.ROOT), run.toLowerCase(Locale.ROOT));
    }
  }

  private final Session entities;

  RunRefQueries(Session entities) {
    this.entities = entities;
  }

  Optional<RunRef> byName(String project, String run) {
    var name = new RunName(project, run);
    return Optional.ofNullable(byNames(List.of(name)).get(name.folded()));
  }

  /** The runs that are there, by their {@linkplain RunName#folded folded} names. */
  Map<RunName, RunRef> byNames(Collection<RunName> names) {
    // What is no name is nowhere, and PostgreSQL need not be asked about it.
    var wanted =
        names.stream()
            .filter(name -> Names.isSlug(name.project()) && Names.isSlug(name.run()))
            .map(name -> name.folded())
            .map(name -> name.project() + "/" + name.run())
            .collect(Collectors.toSet());
    if (wanted.isEmpty()) {
      return Map.of();
    }
    var found = new HashMap<RunName, RunRef>();
    for (var ref :
        read(
            """
            select r.id, p.name, r.name, p.is_private or r.is_private from run r join project p on p.id = r.project_id
            where (lower(p.name), lower(r.name)) in (
              select split_part(name, '/', 1), split_part(name, '/', 2)
              from unnest(cast(:keys as text[])) as name)
            """,
            wanted)) {
      found.put(new RunName(ref.project(), ref.name()).folded(), ref);
    }
    return found;
  }

  Map<UUID, RunRef> byIds(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return read(
            """
            select r.id, p.name, r.name, p.is_private or r.is_private from run r join project p on p.id = r.project_id
            where r.id = any(cast(:keys as uuid[]))
            """,
            ids)
        .stream()
        .collect(Collectors.toMap(RunRef::id, ref -> ref));
  }

  /** Slugs and ids need no quotes in an array of PostgreSQL. */
  private List<RunRef> read(String sql, Collection<?> keys) {
    return entities
        .createNativeQuery(sql, Object[].class)
        .setParameter(
            "keys", keys.stream().map(Object::toString).collect(Collectors.joining(",", "{", "}")))
        .getResultList()
        .stream()
        .map(row -> new RunRef((UUID) row[0], (String) row[1], (String) row[2], (Boolean) row[3]))
        .toList();
  }
}
