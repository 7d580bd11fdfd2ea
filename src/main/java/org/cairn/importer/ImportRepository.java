package org.cairn.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.importer.CreateImportRequest.ImportedFile;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** The tables of imports, with what each of them did and found. */
@ApplicationScoped
class ImportRepository {

  private static final String SELECT =
      """
      select i.*, p.name as project,
        (select jsonb_agg(jsonb_build_object('name', f.name, 'sha256', f.sha256) order by f.ordinal)
          from import_file f where f.import_id = i.id) as files
      from import i join project p on p.id = i.project_id
      """;

  private final Sql sql;
  private final ObjectMapper json;

  ImportRepository(Sql sql, ObjectMapper json) {
    this.sql = sql;
    this.json = json;
  }

  void insert(UUID id, UUID project, CreateImportRequest request, UUID job, Instant now) {
    sql.update(
        """
        insert into import (id, project_id, run_name, form, options, dry_run, job_id, state, created_at)
        values (?, ?, nullif(?, ''), ?, cast(? as jsonb), ?, ?, 'queued', ?)
        """,
        List.of(
            id,
            project,
            Objects.requireNonNullElse(request.run(), ""),
            request.form().text(),
            text(Objects.requireNonNullElse(request.options(), ImportOptions.NONE)),
            Boolean.TRUE.equals(request.dryRun()),
            job,
            now.atOffset(ZoneOffset.UTC)));
    var files = Objects.requireNonNullElse(request.files(), List.<ImportedFile>of());
    sql.update(
        """
        insert into import_file (import_id, ordinal, name, sha256)
        select cast(? as uuid), u.ordinal - 1, u.name, u.sha256
        from unnest(?, ?) with ordinality as u(name, sha256, ordinal)
        """,
        List.of(
            id,
            files.stream().map(ImportedFile::name).toArray(String[]::new),
            files.stream().map(file -> file.sha256().hex()).toArray(String[]::new)));
  }

  Optional<ImportView> find(UUID id) {
    return sql.query(SELECT + "where i.id = ?", List.of(id), this::view).stream().findFirst();
  }

  List<ImportView> newestBefore(UUID project, PageToken.Newest from, int limit) {
    return sql.query(
        SELECT
            + """
            where i.project_id = ? and (i.created_at, i.id) < (?, ?)
            order by i.created_at desc, i.id desc limit ?
            """,
        List.of(project, from.createdAt().atOffset(ZoneOffset.UTC), from.id(), limit),
        this::view);
  }

  /** Whether it was not over yet. */
  boolean begin(UUID id) {
    return sql.update(
            "update import set state = 'running' where id = ? and state in ('queued', 'running')",
            List.of(id))
        == 1;
  }

  void end(UUID id, ImportState state, @Nullable String failure, Instant now) {
    sql.update(
        """
        update import set state = ?, failure = nullif(?, ''), finished_at = ?,
          changes = (select count(*) from import_change c where c.import_id = import.id),
          findings = (select count(*) from import_finding f where f.import_id = import.id)
        where id = ? and state in ('queued', 'running')
        """,
        List.of(
            state.text(),
            Objects.requireNonNullElse(failure, ""),
            now.atOffset(ZoneOffset.UTC),
            id));
  }

  void changes(UUID id, int from, List<ImportChange> changes) {
    var rows = JsonNodeFactory.instance.arrayNode(changes.size());
    for (var change : changes) {
      rows.addObject()
          .put("run", change.run())
          .put("kind", change.kind().text())
          .put("thing", change.thing())
          .put("name", change.name())
          .set("detail", change.detail());
    }
    sql.update(
        """
        insert into import_change (import_id, ordinal, run, kind, thing, name, detail)
        select cast(? as uuid), ? + c.ordinal, c.run, c.kind, c.thing, c.name, c.detail
        from rows from (jsonb_to_recordset(cast(? as jsonb))
            as (run text, kind text, thing text, name text, detail jsonb))
          with ordinality as c(run, kind, thing, name, detail, ordinal)
        """,
        List.of(id, from, rows.toString()));
  }

  /** A fault, and the run that has it. */
  record RunFault(String run, Fault fault) {}

  void findings(UUID id, int from, List<RunFault> faults) {
    var rows = JsonNodeFactory.instance.arrayNode(faults.size());
    for (var one : faults) {
      rows.addObject()
          .put("run", one.run())
          .put("class", one.fault().kind())
          .put("subject", one.fault().subject())
          .set("evidence", one.fault().evidence());
    }
    sql.update(
        """
        insert into import_finding (import_id, ordinal, run, class, subject, evidence)
        select cast(? as uuid), ? + f.ordinal, f.run, f.class, f.subject, f.evidence
        from rows from (jsonb_to_recordset(cast(? as jsonb))
            as (run text, class text, subject text, evidence jsonb))
          with ordinality as f(run, class, subject, evidence, ordinal)
        """,
        List.of(id, from, rows.toString()));
  }

  /**
   * An entry of the list of changes or findings.
   *
   * @param ordinal place in the list, from 1
   */
  record Numbered<T>(long ordinal, T item) {}

  List<Numbered<ImportChange>> changes(UUID id, long after, int limit) {
    return sql.query(
        """
        select ordinal, run, kind, thing, name, detail::text from import_change
        where import_id = ? and ordinal > ? order by ordinal limit ?
        """,
        List.of(id, after, limit),
        row ->
            new Numbered<>(
                row.getLong("ordinal"),
                new ImportChange(
                    row.getString("run"),
                    ImportChange.Kind.parse(row.getString("kind")),
                    row.getString("thing"),
                    row.getString("name"),
                    read(row.getString("detail")).deepCopy())));
  }

  List<Numbered<RunFault>> findings(UUID id, long after, int limit) {
    return sql.query(
        """
        select ordinal, run, class, subject, evidence::text from import_finding
        where import_id = ? and ordinal > ? order by ordinal limit ?
        """,
        List.of(id, after, limit),
        row ->
            new Numbered<>(
                row.getLong("ordinal"),
                new RunFault(
                    row.getString("run"),
                    new Fault(
                        row.getString("class"),
                        row.getString("subject"),
                        read(row.getString("evidence")).deepCopy()))));
  }

  /**
   * Faults that the last import of the same files found, with the same options. Files are the same
   * by their names, folders aside: a newer release lies in a folder of its own.
   */
  List<RunFault> before(ImportView current) {
    return sql.query(
        """
        select f.run, f.class, f.subject, f.evidence::text from import_finding f
        where f.import_id = (
          select i.id from import i join project p on p.id = i.project_id
          where p.name = ? and i.form = ? and coalesce(i.run_name, '') = ? and i.id <> ?
            and not i.dry_run and i.state = 'succeeded'
            and (select array_agg(b.name order by b.name) from import_file n,
                regexp_replace(n.name, '^.*/', '') as b(name) where n.import_id = i.id)
              is not distinct from
              (select array_agg(b.name order by b.name) from import_file n,
                regexp_replace(n.name, '^.*/', '') as b(name) where n.import_id = ?)
            and i.options = (select own.options from import own where own.id = ?)
          order by i.created_at desc limit 1)
        order by f.ordinal
        """,
        List.of(
            current.project(),
            current.form().text(),
            Objects.requireNonNullElse(current.run(), ""),
            current.id(),
            current.id(),
            current.id()),
        row ->
            new RunFault(
                row.getString("run"),
                new Fault(
                    row.getString("class"),
                    row.getString("subject"),
                    read(row.getString("evidence")).deepCopy())));
  }

  private ImportView view(ResultSet row) throws SQLException {
    var files = new ArrayList<ImportedFile>();
    var listed = row.getString("files");
    if (listed != null) {
      for (var file : (ArrayNode) read(listed)) {
        files.add(
            new ImportedFile(file.path("name").asText(), new Sha256(file.path("sha256").asText())));
      }
    }
    try {
      return new ImportView(
          row.getObject("id", UUID.class),
          row.getString("project"),
          row.getString("run_name"),
          ImportForm.parse(row.getString("form")),
          row.getBoolean("dry_run"),
          json.readValue(row.getString("options"), ImportOptions.class),
          files,
          row.getObject("job_id", UUID.class),
          ImportState.parse(row.getString("state")),
          row.getLong("changes"),
          row.getLong("findings"),
          row.getString("failure"),
          Objects.requireNonNull(Sql.instant(row, "created_at")),
          Sql.instant(row, "finished_at"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The catalogue has an import that cannot be read", e);
    }
  }

  private JsonNode read(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The catalogue has JSON that is none", e);
    }
  }

  private String text(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A checked request cannot be written", e);
    }
  }
}
