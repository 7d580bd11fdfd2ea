package org.cairn.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** The tensors of all verified safetensors files. */
@ApplicationScoped
public class TensorService {

  private static final ObjectMapper JSON = JsonLimits.mapper();

  private static final String COLUMNS =
      """
      select file_sha256, name, dtype, shape, first_byte, size, sha256, loose_sha256,
        elements, zeros, nans, infinities, min, max, mean, standard_deviation, l1, l2
      from tensor
      """;

  /** The part of a name that the index has. */
  private static final String SHORT_NAME =
      "left(name, 200) = any (array (select left(n, 200) from unnest(?) as n))";

  private final Sql sql;
  private final CanonicalNames canonicalNames;

  TensorService(Sql sql, CanonicalNames canonicalNames) {
    this.sql = sql;
    this.canonicalNames = canonicalNames;
  }

  /** Those of {@code files} that look like safetensors files, with what was found. */
  @Transactional
  public Map<Sha256, IndexedFile> files(Collection<Sha256> files) {
    var found = new HashMap<Sha256, IndexedFile>();
    sql.stream(
        "select sha256, tensor_count, metadata, fault from safetensors where sha256 = any (?)",
        List.of((Object) hex(files)),
        r ->
            found.put(
                new Sha256(r.getString(1)),
                new IndexedFile(r.getInt(2), metadata(r.getString(3)), r.getString(4))));
    return found;
  }

  private static Map<String, String> metadata(String json) {
    try {
      return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database has what was written", e);
    }
  }

  /**
   * The tensors of these files, by name, a page at a time.
   *
   * @param afterName the last name of the page before, and {@code afterFile} the digest of its
   *     file; empty for the first page
   */
  @Transactional
  public List<StoredTensor> page(
      Collection<Sha256> files, String afterName, String afterFile, int limit) {
    return sql.query(
        COLUMNS
            + """
            where file_sha256 = any (?) and (name collate "C", file_sha256) > (?, ?)
            order by name collate "C", file_sha256 limit ?
            """,
        List.of(hex(files), afterName, afterFile, limit),
        TensorService::tensor);
  }

  /** The tensors of these files that have one of these names. */
  @Transactional
  public List<StoredTensor> named(Collection<Sha256> files, Collection<String> names) {
    return sql.query(
        COLUMNS
            + " where file_sha256 = any (?) and name = any (?) and "
            + SHORT_NAME
            + " order by file_sha256, ordinal",
        List.of(hex(files), names.toArray(String[]::new), names.toArray(String[]::new)),
        TensorService::tensor);
  }

  /**
   * Of each of these files the tensor that is meant by a name: the one that is spelt like it, or,
   * where no tensor of the file is, the one whose canonical name it is. After {@link
   * CanonicalNames#PREFIX} it is always a canonical name.
   *
   * @return those that are spelt like it first; none of a file that has no such tensor
   */
  @Transactional
  public List<StoredTensor> named(Collection<Sha256> files, String name) {
    if (name.indexOf('\0') >= 0) {
      return List.of(); // no text in the database has it
    }
    boolean canonicalOnly = name.startsWith(CanonicalNames.PREFIX);
    var canonical = canonicalOnly ? name.substring(CanonicalNames.PREFIX.length()) : name;
    var spellings = new ArrayList<>(canonicalNames.candidates(canonical));
    if (!canonicalOnly) {
      spellings.add(name);
    }
    var found = new ArrayList<>(named(files, spellings));
    if (!canonicalOnly) {
      var itself =
          found.stream()
              .filter(tensor -> tensor.name().equals(name))
              .map(StoredTensor::file)
              .collect(Collectors.toSet());
      found.removeIf(tensor -> !tensor.name().equals(name) && itself.contains(tensor.file()));
      found.sort(Comparator.comparing(tensor -> !tensor.name().equals(name)));
    }
    return found;
  }

  /**
   * The different names of the tensors of these files.
   *
   * @param among only those of them; null for all
   * @param most answers no more
   */
  @Transactional
  public Set<String> names(Collection<Sha256> files, @Nullable Collection<String> among, int most) {
    var values = new ArrayList<Object>();
    values.add(hex(files));
    if (among != null) {
      values.add(among.toArray(String[]::new));
      values.add(among.toArray(String[]::new));
    }
    values.add(most);
    return new HashSet<>(
        sql.query(
            "select distinct name from tensor where file_sha256 = any (?)"
                + (among == null ? "" : " and name = any (?) and " + SHORT_NAME)
                + " limit ?",
            values,
            r -> r.getString(1)));
  }

  /** Where a tensor is, and how many bytes it has. */
  public record TensorPlace(String name, long size) {}

  /** The names of the tensors of these files. */
  @Transactional
  public Map<Sha256, List<TensorPlace>> places(Collection<Sha256> files) {
    var places = new HashMap<Sha256, List<TensorPlace>>();
    sql.stream(
        "select file_sha256, name, size from tensor where file_sha256 = any (?)",
        List.of((Object) hex(files)),
        r ->
            places
                .computeIfAbsent(new Sha256(r.getString(1)), file -> new ArrayList<>())
                .add(new TensorPlace(r.getString(2), r.getLong(3))));
    return places;
  }

  /** The digest of all tensors of these files together. */
  @Transactional
  public WeightsDigest weightsDigest(Collection<Sha256> files) {
    var digest = new WeightsDigest.Builder();
    sql.stream(
        """
        select name, dtype, shape, sha256, loose_sha256 from tensor
        where file_sha256 = any (?) order by name collate "C", file_sha256
        """,
        List.of((Object) hex(files)),
        r ->
            digest.add(
                r.getString(1),
                r.getString(2),
                shape(r, 3),
                new Sha256(r.getString(4)),
                new Sha256(r.getString(5))));
    return digest.result();
  }

  /** How many elements of each type the tensors of these files have together. */
  @Transactional
  public Map<String, Long> elements(Collection<Sha256> files) {
    var elements = new TreeMap<String, Long>();
    sql.stream(
        "select dtype, shape, count(*) from tensor where file_sha256 = any (?) group by dtype, shape",
        List.of((Object) hex(files)),
        r -> {
          // The index has no tensor with more elements than a file can have bits.
          long each = shape(r, 2).stream().reduce(1L, (a, b) -> a * b);
          elements.merge(r.getString(1), each * r.getLong(3), Long::sum);
        });
    return elements;
  }

  private static String[] hex(Collection<Sha256> files) {
    return files.stream().map(Sha256::hex).distinct().toArray(String[]::new);
  }

  private static List<Long> shape(ResultSet r, int column) throws SQLException {
    return List.of((Long[]) r.getArray(column).getArray());
  }

  private static StoredTensor tensor(ResultSet r) throws SQLException {
    return new StoredTensor(
        new Sha256(r.getString(1)),
        r.getString(2),
        r.getString(3),
        shape(r, 4),
        r.getLong(5),
        r.getLong(6),
        new Sha256(r.getString(7)),
        new Sha256(r.getString(8)),
        statistics(r));
  }

  private static @Nullable TensorStatistics statistics(ResultSet r) throws SQLException {
    long count = r.getLong(9);
    return r.wasNull()
        ? null
        : new TensorStatistics(
            count,
            r.getLong(10),
            r.getLong(11),
            r.getLong(12),
            r.getDouble(13),
            r.getDouble(14),
            r.getDouble(15),
            r.getDouble(16),
            r.getDouble(17),
            r.getDouble(18));
  }
}
