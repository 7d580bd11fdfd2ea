package org.cairn.tensor;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** What was measured between tensors, kept for good: the same bytes are never measured twice. */
@ApplicationScoped
public class TensorPairService {

  private final Sql sql;

  TensorPairService(Sql sql) {
    this.sql = sql;
  }

  /** Those of these pairs that were measured. */
  @Transactional
  public Map<TensorPair, PairMeasure> known(Collection<TensorPair> pairs) {
    var known = new HashMap<TensorPair, PairMeasure>();
    sql.stream(
        """
        select left_sha256, right_sha256, dtype, distance, cosine
        from unnest(?, ?, ?) as wanted (l, r, d)
          join tensor_pair on left_sha256 = l and right_sha256 = r and dtype = d
        """,
        List.of(
            texts(pairs, pair -> pair.left().hex()),
            texts(pairs, pair -> pair.right().hex()),
            texts(pairs, TensorPair::dtype)),
        r ->
            known.put(
                new TensorPair(
                    new Sha256(r.getString(1)), new Sha256(r.getString(2)), r.getString(3)),
                new PairMeasure(r.getDouble(4), r.getObject(5, Double.class))));
    return known;
  }

  /** Keeps measures, unless another request was first. */
  @Transactional
  public void keep(Map<TensorPair, PairMeasure> measures) {
    var entries = List.copyOf(measures.entrySet());
    var pairs = entries.stream().map(Map.Entry::getKey).toList();
    sql.update(
        """
        insert into tensor_pair (left_sha256, right_sha256, dtype, distance, cosine)
        select * from unnest(?, ?, ?, ?, ?) on conflict do nothing
        """,
        List.of(
            texts(pairs, pair -> pair.left().hex()),
            texts(pairs, pair -> pair.right().hex()),
            texts(pairs, TensorPair::dtype),
            entries.stream().map(entry -> entry.getValue().distance()).toArray(Double[]::new),
            entries.stream().map(entry -> entry.getValue().cosine()).toArray(Double[]::new)));
  }

  private static String[] texts(Collection<TensorPair> pairs, Function<TensorPair, String> get) {
    return pairs.stream().map(get).toArray(String[]::new);
  }
}
