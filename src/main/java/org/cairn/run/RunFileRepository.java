package org.cairn.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.hibernate.Session;

/** The files of runs. Plain SQL: their key is the path, and they come and go by the thousand. */
@ApplicationScoped
class RunFileRepository {

  private final Session session;

  RunFileRepository(Session session) {
    this.session = session;
  }

  /**
   * Adds or replaces files, in one statement; no path may come twice. Whoever calls it has claimed
   * the artifacts.
   *
   * @param inMain whether they were committed to main; those that were before remain in it
   */
  void upsert(UUID runId, List<RunFileView> files, boolean inMain, Instant now) {
    var rows = JsonNodeFactory.instance.arrayNode(files.size());
    for (var file : files) {
      rows.addObject()
          .put("path", file.path())
          .put("sha256", file.sha256().hex())
          .put("size", file.size())
          .put("media_type", file.mediaType())
          .put("role", file.role());
    }
    session
        .createNativeMutationQuery(
            """
            insert into run_file (run_id, path, sha256, size, media_type, role, in_main, added_at)
            select :run, path, sha256, size, media_type, role, :inMain, :now
            from jsonb_to_recordset(cast(:rows as jsonb))
              as file (path text, sha256 text, size bigint, media_type text, role text)
            on conflict (run_id, path) do update set
              sha256 = excluded.sha256, size = excluded.size, media_type = excluded.media_type,
              role = excluded.role, in_main = run_file.in_main or excluded.in_main,
              added_at = excluded.added_at
            """)
        .setParameter("run", runId)
        .setParameter("inMain", inMain)
        .setParameter("now", now)
        .setParameter("rows", rows.toString())
        .executeUpdate();
  }

  List<RunFileView> page(UUID runId, String afterPath, int limit) {
    return session
        .createNativeQuery(
            """
            select path, sha256, size, role, media_type from run_file
            where run_id = :run and path > :after order by path
            """,
            Tuple.class)
        .setParameter("run", runId)
        .setParameter("after", afterPath)
        .setMaxResults(limit)
        .getResultStream()
        .map(RunFileRepository::view)
        .toList();
  }

  List<RunFileView> logs(UUID runId, int most) {
    return session
        .createNativeQuery(
            """
            select path, sha256, size, role, media_type from run_file
            where run_id = :run and role = 'log' order by path
            """,
            Tuple.class)
        .setParameter("run", runId)
        .setMaxResults(most)
        .getResultStream()
        .map(RunFileRepository::view)
        .toList();
  }

  Optional<RunFileView> find(UUID runId, String path) {
    return session
        .createNativeQuery(
            """
            select path, sha256, size, role, media_type from run_file
            where run_id = :run and path = :path
            """,
            Tuple.class)
        .setParameter("run", runId)
        .setParameter("path", path)
        .getResultStream()
        .map(RunFileRepository::view)
        .findFirst();
  }

  boolean delete(UUID runId, String path) {
    return session
            .createNativeMutationQuery("delete from run_file where run_id = :run and path = :path")
            .setParameter("run", runId)
            .setParameter("path", path)
            .executeUpdate()
        == 1;
  }

  void delete(UUID runId, Collection<String> paths) {
    session
        .createNativeMutationQuery(
            "delete from run_file where run_id = :run and path = any (:paths)")
        .setParameter("run", runId)
        .setParameter("paths", paths.toArray(String[]::new))
        .executeUpdate();
  }

  private static RunFileView view(Tuple row) {
    return new RunFileView(
        row.get(0, String.class),
        new Sha256(row.get(1, String.class)),
        row.get(2, Long.class),
        row.get(3, String.class),
        row.get(4, String.class));
  }
}
