package org.cairn.platform;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A table of files that belong to something: it has columns path, sha256, size and media_type, and
 * an index of its owner and {@code path collate "C"}. Each method takes one statement, and reads
 * about as many rows as it answers, however many files the owner has.
 */
public final class FileTable {

  private static final String COLUMNS = "f.path, f.sha256, f.size, f.media_type";

  private final Sql sql;
  private final String rows;

  /**
   * @param owner column that says whose file it is
   * @param condition what else a row must be, over table {@code f}; empty for nothing
   */
  public FileTable(Sql sql, String table, String owner, String condition) {
    this.sql = sql;
    this.rows =
        "from "
            + table
            + " f where f."
            + owner
            + " = ?"
            + (condition.isEmpty() ? "" : " and " + condition);
  }

  public List<FileEntry> list(UUID owner, FileSlice slice) {
    return slice.recursive() ? all(owner, slice) : ofFolder(owner, slice);
  }

  private List<FileEntry> all(UUID owner, FileSlice slice) {
    var values = bounds(owner, slice);
    values.add(slice.limit());
    return sql.query(
        "select " + COLUMNS + " " + within(slice) + " order by f.path collate \"C\" limit ?",
        values,
        FileTable::entry);
  }

  /** Jumps from folder to folder by the index, instead of reading everything in them. */
  private List<FileEntry> ofFolder(UUID owner, FileSlice slice) {
    int depth = slice.folder().codePointCount(0, slice.folder().length());
    var next =
        """
        case when strpos(substr(e.path, %1$d), '/') > 0
          then left(e.path, %2$d + strpos(substr(e.path, %1$d), '/') - 1) || '0'
          else e.path || chr(1) end
        """
            .formatted(depth + 1, depth);
    var values = bounds(owner, slice);
    values.add(owner);
    if (!slice.end().isEmpty()) {
      values.add(slice.end());
    }
    values.add(slice.limit());
    values.add(owner);
    return sql.query(
        "with recursive e (path, place) as ((select f.path, 1 "
            + within(slice)
            + " order by f.path collate \"C\" limit 1) union all (select (select f.path "
            + rows
            + " and f.path collate \"C\" >= ("
            + next
            + ") collate \"C\""
            + (slice.end().isEmpty() ? "" : " and f.path collate \"C\" < ?")
            + " order by f.path collate \"C\" limit 1), e.place + 1 from e"
            + " where e.path is not null and e.place < ?)) select "
            + COLUMNS
            + " "
            + rows.replace(" where ", " join e on e.path = f.path where ")
            + " order by f.path collate \"C\"",
        values,
        FileTable::entry);
  }

  /** Those of {@code paths} that are files. */
  public List<FileEntry> files(UUID owner, Collection<String> paths) {
    return sql.query(
        "select " + COLUMNS + " " + rows + " and f.path = any (?)",
        List.of(owner, paths.toArray(String[]::new)),
        FileTable::entry);
  }

  /** Those of {@code paths} that are folders. */
  public Set<String> folders(UUID owner, Collection<String> paths) {
    return Set.copyOf(
        sql.query(
            "select p from unnest(?) as p where exists (select 1 "
                + rows
                + " and f.path collate \"C\" >= p || '/' and f.path collate \"C\" < p || '0')",
            List.of(paths.stream().distinct().toArray(String[]::new), owner),
            r -> r.getString(1)));
  }

  private String within(FileSlice slice) {
    return rows
        + " and f.path collate \"C\" >= ?"
        + (slice.end().isEmpty() ? "" : " and f.path collate \"C\" < ?");
  }

  private static List<Object> bounds(UUID owner, FileSlice slice) {
    var values = new ArrayList<Object>(List.of(owner, slice.first()));
    if (!slice.end().isEmpty()) {
      values.add(slice.end());
    }
    return values;
  }

  private static FileEntry entry(ResultSet r) throws SQLException {
    return new FileEntry(r.getString(1), new Sha256(r.getString(2)), r.getLong(3), r.getString(4));
  }
}
