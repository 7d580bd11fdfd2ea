package org.cairn.trajectory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sql;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/** What evaluations of checkpoints came to, as somebody published it. */
@ApplicationScoped
public class EvaluationService {

  private static final int BATCH = 500;
  private static final String COLUMNS =
      "e.source, e.model, e.step, e.setting, e.batch_size, e.results::text, e.added_at ";

  private final Sql sql;
  private final RunService runs;

  EvaluationService(Sql sql, RunService runs) {
    this.sql = sql;
    this.runs = runs;
  }

  /**
   * An evaluation as clients see it.
   *
   * @param source file that says it, and line where it has several
   * @param model as it is named there
   * @param setting such as zero-shot
   * @param batchSize as it is printed; null where it is not said
   * @param values by task/metric
   */
  record EvaluationView(
      String source,
      String model,
      long step,
      String setting,
      @Nullable String batchSize,
      JsonNode values,
      @Nullable Instant addedAt) {}

  /** Keeps evaluations of a run; those of the same source, model, step and setting are replaced. */
  @Transactional
  public void put(UUID runId, List<EvaluationResults> evaluations) {
    for (int from = 0; from < evaluations.size(); from += BATCH) {
      var rows = JsonNodeFactory.instance.arrayNode();
      for (var one : evaluations.subList(from, Math.min(from + BATCH, evaluations.size()))) {
        rows.addObject()
            .put("source", one.source())
            .put("model", one.run())
            .put("step", one.step())
            .put("setting", one.setting())
            .put("batch_size", one.batchSize())
            .set("results", json(one));
      }
      sql.update(
          """
          insert into evaluation (run_id, source, model, step, setting, batch_size, results, added_at)
          select cast(? as uuid), e.source, e.model, e.step, e.setting, e.batch_size, e.results, now()
          from jsonb_to_recordset(cast(? as jsonb)) as e (source text, model text, step bigint,
            setting text, batch_size text, results jsonb)
          on conflict (run_id, source, model, step, setting) do update
            set results = excluded.results, batch_size = excluded.batch_size
          where (evaluation.results, evaluation.batch_size)
            is distinct from (excluded.results, excluded.batch_size)
          """,
          List.of(runId, rows.toString()));
    }
  }

  private static ObjectNode json(EvaluationResults results) {
    var values = JsonNodeFactory.instance.objectNode();
    results.values().forEach((name, value) -> values.put(name, value));
    return values;
  }

  /** All evaluations of a run. */
  @Transactional
  public List<EvaluationResults> ofRun(UUID runId) {
    return sql.query(
        "select " + COLUMNS + "from evaluation e where e.run_id = ? order by e.step, e.source",
        List.of(runId),
        EvaluationService::results);
  }

  /** Sees the evaluations of one run. */
  public interface Visitor {
    void visit(String run, List<EvaluationResults> evaluations);
  }

  /** Shows the evaluations of the other runs of a project, a run at a time. */
  @Transactional
  public void ofOthers(UUID projectId, Collection<String> runs, Visitor visitor) {
    var held = new ArrayList<EvaluationResults>();
    var name = new String[] {""};
    sql.stream(
        "select r.name, "
            + COLUMNS
            + """
            from evaluation e join run r on r.id = e.run_id
            where r.project_id = ? and lower(r.name) <> all (?)
            order by r.id, e.step, e.source
            """,
        List.of(projectId, runs.stream().map(EvaluationService::folded).toArray(String[]::new)),
        row -> {
          var run = row.getString("name");
          if (!run.equals(name[0])) {
            flush(name[0], held, visitor);
            name[0] = run;
          }
          held.add(results(row));
        });
    flush(name[0], held, visitor);
  }

  private static void flush(String run, List<EvaluationResults> held, Visitor visitor) {
    if (!held.isEmpty()) {
      visitor.visit(run, List.copyOf(held));
      held.clear();
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Transactional
  PageView<EvaluationView> list(String project, String run, @Nullable String pageToken, int size) {
    var ref = runs.ref(project, run);
    var from = PageToken.parse(pageToken, 4);
    var rows =
        sql.query(
            "select "
                + COLUMNS
                + """
                from evaluation e where e.run_id = ?
                  and (e.step, e.source, e.model, e.setting) > (?, ?, ?, ?)
                order by e.step, e.source, e.model, e.setting limit ?
                """,
            List.of(
                ref.id(),
                from == null ? -1L : from.number(0),
                from == null ? "" : from.key().get(1),
                from == null ? "" : from.key().get(2),
                from == null ? "" : from.key().get(3),
                size + 1),
            EvaluationService::view);
    return PageView.of(
        rows,
        size,
        row -> row,
        row ->
            new PageToken(
                List.of(Long.toString(row.step()), row.source(), row.model(), row.setting())));
  }

  private static EvaluationView view(ResultSet row) throws SQLException {
    return new EvaluationView(
        row.getString("source"),
        row.getString("model"),
        row.getLong("step"),
        row.getString("setting"),
        row.getString("batch_size"),
        parsed(row.getString("results")),
        Sql.instant(row, "added_at"));
  }

  private static EvaluationResults results(ResultSet row) throws SQLException {
    var values = new LinkedHashMap<String, BigDecimal>();
    parsed(row.getString("results"))
        .properties()
        .forEach(value -> values.put(value.getKey(), value.getValue().decimalValue()));
    return new EvaluationResults(
        row.getString("source"),
        row.getString("model"),
        row.getLong("step"),
        row.getString("setting"),
        row.getString("batch_size"),
        values);
  }

  private static JsonNode parsed(String json) {
    try {
      return JsonLimits.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The catalogue has evaluations that are no JSON", e);
    }
  }
}
