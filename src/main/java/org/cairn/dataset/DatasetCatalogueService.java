package org.cairn.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;
import org.cairn.platform.FileTable;
import org.cairn.platform.Names;
import org.cairn.platform.Sha1;
import org.cairn.platform.Sql;
import org.cairn.project.MemberCard;
import org.cairn.project.MemberFilter;
import org.cairn.project.MemberRows;

/** Datasets of all projects, as a catalogue shows them, with their versions and files. */
@ApplicationScoped
public class DatasetCatalogueService {

  private static final String SELECT =
      "select " + MemberRows.COLUMNS + " from dataset m join project p on p.id = m.project_id ";

  /** Which files have bytes that everybody may read here. */
  private static final String HERE =
      "f.sha256 is not null and f.location is null and f.withheld_reason is null";

  private static final String FORMAT = "cairn.dataset-version/1";

  private final Sql sql;
  private final FileTable files;

  DatasetCatalogueService(Sql sql) {
    this.sql = sql;
    this.files = new FileTable(sql, "dataset_file", "dataset_version_id", HERE);
  }

  @Transactional
  public List<MemberCard> list(MemberFilter filter) {
    var clause = filter.clause(MemberRows.TAGGED);
    return sql.query(SELECT + clause.sql(), clause.values(), DatasetCatalogueService::card);
  }

  /** A dataset by its names, whose case does not matter. */
  @Transactional
  public Optional<MemberCard> find(String project, String dataset) {
    if (!Names.isSlug(project) || !Names.isSlug(dataset)) {
      return Optional.empty();
    }
    return sql
        .query(
            SELECT + "where lower(p.name) = lower(?) and lower(m.name) = lower(?)",
            List.of(project, dataset),
            DatasetCatalogueService::card)
        .stream()
        .findFirst();
  }

  /** The versions of a dataset, oldest first. */
  @Transactional
  public List<CommittedVersion> versions(UUID datasetId) {
    return sql.query(
        """
        select id, version, digest, created_at from dataset_version where dataset_id = ?
        order by created_at, id
        """,
        List.of(datasetId),
        DatasetCatalogueService::version);
  }

  /** The files of a version whose bytes are here. */
  @Transactional
  public List<FileEntry> list(UUID versionId, FileSlice slice) {
    return files.list(versionId, slice);
  }

  /** Those of {@code paths} that are files whose bytes are here. */
  @Transactional
  public List<FileEntry> files(UUID versionId, Collection<String> paths) {
    return files.files(versionId, paths);
  }

  /** Those of {@code paths} that are folders with such files. */
  @Transactional
  public Set<String> folders(UUID versionId, Collection<String> paths) {
    return files.folders(versionId, paths);
  }

  /** How many bytes the files of all versions have that are here, each content counted once. */
  @Transactional
  public long storage(UUID datasetId) {
    return sql.query(
            "select coalesce(sum(size), 0) from (select distinct f.sha256, f.size"
                + " from dataset_version v join dataset_file f on f.dataset_version_id = v.id"
                + " where v.dataset_id = ? and "
                + HERE
                + ") files",
            List.of(datasetId),
            r -> r.getLong(1))
        .getFirst();
  }

  /** A version never changes, so what it is called and what is in it make a commit. */
  private static CommittedVersion version(ResultSet r) throws SQLException {
    var id = r.getObject("id", UUID.class);
    var version = r.getString("version");
    return new CommittedVersion(
        id,
        version,
        Sha1.of(FORMAT + "\n" + id + "\n" + version + "\n" + r.getString("digest") + "\n"),
        Objects.requireNonNull(Sql.instant(r, "created_at")));
  }

  private static MemberCard card(ResultSet r) throws SQLException {
    return MemberRows.card(r, null, List.of());
  }
}
