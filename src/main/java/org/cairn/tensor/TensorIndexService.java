package org.cairn.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** Writes the index down: a few statements for a file, however many tensors it has. */
@ApplicationScoped
class TensorIndexService {

  /** Rows of one statement. */
  private static final int BATCH = 2_000;

  private static final ObjectMapper JSON = JsonLimits.mapper();

  private final Sql sql;

  TensorIndexService(Sql sql) {
    this.sql = sql;
  }

  /** Keeps what was found in a file, unless that is known. */
  @Transactional
  void save(Sha256 file, SafetensorsIndex index) {
    var header = index.header() == null ? null : saveHeader(index.header().array());
    int inserted =
        sql.update(
            """
            insert into safetensors (sha256, data_offset, tensor_count, metadata, fault, header_sha256)
            values (?, ?, ?, cast(? as jsonb), ?, ?) on conflict do nothing
            """,
            row(
                file.hex(),
                index.dataOffset(),
                index.tensors().size(),
                json(index.metadata()),
                index.fault(),
                header));
    if (inserted == 0) {
      return;
    }
    for (int from = 0; from < index.tensors().size(); from += BATCH) {
      int to = Math.min(from + BATCH, index.tensors().size());
      insert(file, from, index.dataOffset(), index.tensors().subList(from, to));
    }
  }

  /** Forgets files and their tensors; headers, which other files may share, stay. */
  @Transactional(TxType.MANDATORY)
  void forget(Collection<Sha256> files) {
    sql.update(
        "delete from safetensors where sha256 = any (?)",
        List.of((Object) files.stream().map(Sha256::hex).toArray(String[]::new)));
  }

  /** Most files of a run have the header of the one before. */
  private String saveHeader(byte[] header) {
    var digest = Sha256.of(header).hex();
    sql.update(
        "insert into safetensors_header (sha256, bytes) values (?, ?) on conflict do nothing",
        List.of(digest, header));
    return digest;
  }

  private void insert(Sha256 file, int first, long dataOffset, List<IndexedTensor> tensors) {
    sql.update(
        """
        insert into tensor (file_sha256, ordinal, name, dtype, shape, first_byte, size, sha256,
          loose_sha256, elements, zeros, nans, infinities, min, max, mean, standard_deviation, l1, l2,
          sample)
        select cast(? as text), ? + ordinality - 1, name, dtype, cast(shape as bigint[]),
          first_byte, size, sha256, loose_sha256, elements, zeros, nans, infinities, min, max, mean,
          standard_deviation, l1, l2, decode(sample, 'hex')
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) with ordinality
          as t (name, dtype, shape, first_byte, size, sha256, loose_sha256, elements, zeros, nans,
            infinities, min, max, mean, standard_deviation, l1, l2, sample, ordinality)
        """,
        List.of(
            file.hex(),
            first,
            texts(tensors, tensor -> tensor.entry().name()),
            texts(tensors, tensor -> tensor.entry().dtype()),
            texts(tensors, tensor -> braced(tensor.entry().shape())),
            longs(tensors, tensor -> dataOffset + tensor.entry().begin()),
            longs(tensors, tensor -> tensor.entry().size()),
            texts(tensors, tensor -> tensor.digests().strict().hex()),
            texts(tensors, tensor -> tensor.digests().loose().hex()),
            longs(tensors, statistic(TensorStatistics::count)),
            longs(tensors, statistic(TensorStatistics::zeros)),
            longs(tensors, statistic(TensorStatistics::nans)),
            longs(tensors, statistic(TensorStatistics::infinities)),
            doubles(tensors, statistic(TensorStatistics::min)),
            doubles(tensors, statistic(TensorStatistics::max)),
            doubles(tensors, statistic(TensorStatistics::mean)),
            doubles(tensors, statistic(TensorStatistics::standardDeviation)),
            doubles(tensors, statistic(TensorStatistics::l1)),
            doubles(tensors, statistic(TensorStatistics::l2)),
            texts(tensors, TensorIndexService::sample)));
  }

  private static <T> Function<IndexedTensor, @Nullable T> statistic(
      Function<TensorStatistics, T> which) {
    return tensor -> tensor.statistics() == null ? null : which.apply(tensor.statistics());
  }

  private static @Nullable String sample(IndexedTensor tensor) {
    return tensor.sample() == null ? null : HexFormat.of().formatHex(tensor.sample().bytes());
  }

  private static String[] texts(
      List<IndexedTensor> tensors, Function<IndexedTensor, @Nullable String> get) {
    return tensors.stream().map(get).toArray(String[]::new);
  }

  private static Long[] longs(
      List<IndexedTensor> tensors, Function<IndexedTensor, @Nullable Long> get) {
    return tensors.stream().map(get).toArray(Long[]::new);
  }

  private static Double[] doubles(
      List<IndexedTensor> tensors, Function<IndexedTensor, @Nullable Double> get) {
    return tensors.stream().map(get).toArray(Double[]::new);
  }

  private static String braced(List<Long> shape) {
    return shape.toString().replace('[', '{').replace(']', '}');
  }

  /** A row may have nulls, which List.of refuses. */
  private static List<@Nullable Object> row(@Nullable Object... values) {
    var row = new ArrayList<@Nullable Object>();
    Collections.addAll(row, values);
    return row;
  }

  private static String json(Map<String, String> metadata) {
    try {
      return JSON.writeValueAsString(metadata);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can always be written", e);
    }
  }
}
