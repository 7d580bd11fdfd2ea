package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.importer.ParentRules.Reference;
import org.cairn.platform.Sql;

/** What trainings begin with, and the listings that may have it. */
@ApplicationScoped
class ParentRows {

  private final Sql sql;

  ParentRows(Sql sql) {
    this.sql = sql;
  }

  /**
   * A listing of a run.
   *
   * @param file as it was called when it was last imported
   */
  record RunListing(UUID run, String runName, String listing, String file) {}

  /** The listings of a project that have something in these folders. */
  List<RunListing> listingsIn(UUID project, Collection<String> folders) {
    return sql.query(
        """
        select distinct l.run_id, r.name, l.listing, g.file from listed_checkpoint l
        join run r on r.id = l.run_id
        join listing g on g.run_id = l.run_id and g.name = l.listing
        where r.project_id = ? and l.folder = any (?) order by r.name, l.listing
        """,
        List.of(project, folders.toArray(String[]::new)),
        row ->
            new RunListing(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4)));
  }

  /** The listings of a run that say tokens. */
  List<RunListing> listingsOf(UUID run) {
    return sql.query(
        """
        select g.run_id, r.name, g.name, g.file from listing g join run r on r.id = g.run_id
        where g.run_id = ? and exists (select 1 from listed_checkpoint l
          where l.run_id = g.run_id and l.listing = g.name and l.tokens is not null)
        order by g.name
        """,
        List.of(run),
        row ->
            new RunListing(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4)));
  }

  /** The only checkpoint of a project that is listed at an address, as project/run@label. */
  Optional<String> addressed(UUID project, String address) {
    var plain = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    var found =
        sql.query(
            """
            select distinct p.name || '/' || r.name || '@' || c.label from checkpoint_label l
            join checkpoint c on c.id = l.checkpoint_id
            join run r on r.id = c.run_id join project p on p.id = r.project_id
            where l.label = any (?) and l.retired_at is null and r.project_id = ? limit 2
            """,
            List.of(new String[] {plain, plain + "/"}, project),
            row -> row.getString(1));
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /**
   * The labels of the checkpoints of a run at a step that training saved, at most two.
   *
   * @param besides stage that is left out; empty for none
   */
  List<String> atStep(UUID run, long step, String besides) {
    return sql.query(
        """
        select label from checkpoint
        where run_id = ? and step = ? and kind <> 'derived' and (? = '' or stage <> ?) limit 2
        """,
        List.of(run, step, besides, besides),
        row -> row.getString(1));
  }

  /** What trainings of a project begin with. */
  List<Reference> ofProject(UUID project) {
    return sql.query(
        """
        select n.named_by, n.address from named_parent n join run r on r.id = n.run_id
        where r.project_id = ? order by n.named_by, n.address
        """,
        List.of(project),
        row -> new Reference(row.getString(1), row.getString(2)));
  }

  /** What the launches and configurations of a run begin with. */
  List<Reference> ofRun(UUID run) {
    return sql.query(
        "select named_by, address from named_parent where run_id = ? order by named_by, address",
        List.of(run),
        row -> new Reference(row.getString(1), row.getString(2)));
  }

  void put(UUID run, Collection<Reference> parents) {
    var namedBy = parents.stream().map(Reference::namedBy).distinct().toArray(String[]::new);
    sql.update(
        "delete from named_parent where run_id = ? and named_by = any (?)", List.of(run, namedBy));
    sql.update(
        """
        insert into named_parent (run_id, named_by, address)
        select distinct cast(? as uuid), u.named_by, u.address from unnest(?, ?) as u(named_by, address)
        """,
        List.of(
            run,
            parents.stream().map(Reference::namedBy).toArray(String[]::new),
            parents.stream().map(Reference::parent).toArray(String[]::new)));
  }
}
