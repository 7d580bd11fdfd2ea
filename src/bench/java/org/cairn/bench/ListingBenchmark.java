package org.cairn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Lists, filters and searches in a catalogue of a million checkpoints, each of ten questions over
 * the one statement of SQL that somebody would write for it, who knows the schema, read over JDBC.
 * Runs are chosen at random; one of them is long, for pages that are deep. What a request costs
 * that asks the catalogue nothing is told beside it.
 */
final class ListingBenchmark implements Benchmark {

  private static final int RUNS = 10_000;
  private static final int LONG = 30_000;
  private static final int EACH = (1_000_000 - LONG) / (RUNS - 1);
  private static final int PAGE = 3;
  private static final int DEEP = 10_000;

  private static final int REQUESTS = 100;
  private static final int WARM_UP = 400;

  private static final double LIMIT_MILLIS = 50;

  /** At most twice the time of the statement. */
  private static final double GOAL = 0.5;

  /** A deep page at most 1.2 times the time of the first. */
  private static final double DEEP_GOAL = 1 / 1.2;

  /** What Cairn answers of a checkpoint in a list. */
  private static final String SELECT =
      """
      select p.name, r.name, c.*, s.name,
        (select array_agg(l.label order by l.assigned_at, l.label) from checkpoint_label l
          where l.checkpoint_id = c.id and l.retired_at is null),
        f.files, f.bytes
      from project p join run r on r.project_id = p.id join checkpoint c on c.run_id = r.id
      left join segment s on s.id = c.segment_id
      cross join lateral (
        select count(*) as files, sum(size) as bytes from checkpoint_file where checkpoint_id = c.id) f
      where lower(p.name) = 'bench' and lower(r.name) = ?
      """;

  private static final String ORDER = " order by c.position, c.stage, c.branch, c.id limit ";

  private final TestBed bed;
  private final Map<Question, Measured> measured = new LinkedHashMap<>();
  private final Comparison deep;
  private final Figure refusal;
  private final SplittableRandom random = new SplittableRandom(20261123);
  private String deepToken = "";

  /**
   * What is asked.
   *
   * @param path after the address of a run, by the number of a checkpoint
   * @param sql after {@link #SELECT}, whose parameters are all the number
   */
  private record Question(String name, boolean ofLongRun, IntFunction<String> path, String sql) {}

  private record Measured(Comparison floor, Figure median, Figure slowest) {}

  ListingBenchmark(TestBed bed, Report report) {
    this.bed = bed;
    for (var question : questions()) {
      var what = "a million checkpoints: " + question.name();
      measured.put(
          question,
          new Measured(
              report.comparison(what, "one statement over JDBC", "requests/s", GOAL),
              report.figure(what + ", p50", "ms", LIMIT_MILLIS),
              report.figure(what + ", p99", "ms", LIMIT_MILLIS)));
    }
    this.refusal = report.figure("a question that is refused, p50", "ms");
    this.deep =
        report.comparison(
            "a million checkpoints: page %,d".formatted(DEEP), "page 1", "requests/s", DEEP_GOAL);
  }

  private List<Question> questions() {
    var all = "/checkpoints?pageSize=";
    return List.of(
        new Question("a page", false, n -> all + 50, ORDER + 51),
        new Question("a whole run", false, n -> all + 100, ORDER + 101),
        new Question(
            "range of steps",
            false,
            n -> all + "20&stepFrom=" + n + "000&stepTo=" + (n + 20) + "000",
            " and c.step between ? * 1000 and (? + 20) * 1000" + ORDER + 21),
        new Question(
            "by label",
            false,
            n -> "/checkpoints/tag-" + n,
            """
             and c.id = (select checkpoint_id from checkpoint_label l
               where l.run_id = r.id and l.label = 'tag-' || ? and l.retired_at is null)
            """),
        new Question(
            "from a number of tokens on",
            false,
            n -> all + "20&tokensFrom=" + n + "000000",
            " and coalesce(c.tokens, c.claimed_tokens) >= ? * 1000000" + ORDER + 21),
        new Question(
            "nearest to a number of tokens",
            false,
            n -> "/checkpoints?nearestTokens=" + n + "499999",
            " order by abs(coalesce(c.tokens, c.claimed_tokens) - (? * 1000000 + 499999)) limit 1"),
        new Question(
            "nearest to a step of a long run",
            true,
            n -> "/checkpoints?nearestStep=" + n + "400",
            " order by abs(c.step - (? * 1000 + 400)) limit 1"),
        new Question(
            "log spacing",
            false,
            n -> "/checkpoints?spacing=log&points=20",
            """
             and c.step in (select distinct on (g) n.step from generate_series(0, 19) g
               cross join lateral (select step from checkpoint n where n.run_id = r.id
                 order by abs(ln(1 + step) - g / 19.0 * 11.5) limit 1) n)
            """
                + ORDER
                + 21),
        new Question(
            "log spacing of a long run",
            true,
            n -> "/checkpoints?spacing=log&points=20",
            """
             and c.step in (select 1000 * round(exp(g / 19.0 * ln(%d))) from generate_series(0, 19) g)
            """
                    .formatted(LONG)
                + ORDER
                + 21),
        new Question(
            "page %,d".formatted(DEEP),
            true,
            n -> all + PAGE + "&pageToken=" + deepToken,
            " and c.position > %d".formatted(PAGE * (DEEP - 1) * 1_000L) + ORDER + (PAGE + 1)));
  }

  @Override
  public void prepare() throws Exception {
    fill();
    deepToken = token(PAGE * (DEEP - 1));
    for (var question : measured.keySet()) {
      var answer = bed.api().get(path(question, 1 + random.nextInt(EACH / 2)));
      if (answer.has("items") && answer.path("items").isEmpty()) {
        throw new IOException(question.name() + " is answered by nothing");
      }
      for (int i = 0; i < WARM_UP; i++) {
        ask(question);
        floor(question);
      }
    }
  }

  @Override
  public void round(int number) throws Exception {
    for (var entry : measured.entrySet()) {
      var question = entry.getKey();
      var times = times(() -> ask(question));
      var floors = times(() -> floor(question));
      double median = Spread.of(times).median();
      entry.getValue().floor().add(1 / median, 1 / Spread.of(floors).median());
      entry.getValue().median().add(1e3 * median);
      entry.getValue().slowest().add(1e3 * times.get(REQUESTS * 99 / 100));
    }
    var first = run(true) + "/checkpoints?pageSize=" + PAGE;
    var firsts = times(() -> bed.api().text(first));
    var deeps = times(() -> bed.api().text(first + "&pageToken=" + deepToken));
    deep.add(1 / Spread.of(deeps).median(), 1 / Spread.of(firsts).median());
    var refusals = times(() -> bed.api().refused(run(true) + "/checkpoints?pageSize=0"));
    refusal.add(1e3 * Spread.of(refusals).median());
  }

  /** Sorted. */
  private static List<Double> times(Meter.Work work) throws Exception {
    var times = new ArrayList<Double>();
    for (int i = 0; i < REQUESTS; i++) {
      times.add(Watch.seconds(work));
    }
    return times.stream().sorted().toList();
  }

  private String run(boolean isLong) {
    return "/v1/projects/bench/runs/listed-" + (isLong ? 0 : 1 + random.nextInt(RUNS - 1));
  }

  private String path(Question question, int number) {
    return run(question.ofLongRun()) + question.path().apply(number);
  }

  private void ask(Question question) throws IOException, InterruptedException {
    var _ = bed.api().text(path(question, 1 + random.nextInt(EACH / 2)));
  }

  private void floor(Question question) throws Exception {
    var path = run(question.ofLongRun());
    if (bed.database()
            .read(
                SELECT + question.sql(),
                path.substring(path.lastIndexOf('/') + 1),
                1 + random.nextInt(EACH / 2))
        == 0) {
      throw new IOException(question.name() + " finds no row");
    }
  }

  /** The token of the page that begins after so many checkpoints of the long run. */
  private String token(int after) throws IOException, InterruptedException {
    var token = "";
    for (int seen = 0; seen < after; ) {
      int size = Math.min(2_000, after - seen);
      token =
          bed.api()
              .get(
                  "/v1/projects/bench/runs/listed-0/checkpoints?pageSize="
                      + size
                      + (token.isEmpty() ? "" : "&pageToken=" + token))
              .path("nextPageToken")
              .asText();
      seen += size;
    }
    return token;
  }

  /** By SQL, without telling the bucket of it: what is measured does not depend on how it came. */
  private void fill() throws Exception {
    try (var superuser = bed.superuser()) {
      superuser.execute("set session_replication_role = replica");
      superuser.execute(
          """
          insert into run (id, project_id, name, axes, status, metadata, is_private, created_at,
            updated_at, version)
          select cast(md5('listed ' || n) as uuid), p.id, 'listed-' || n, '{}', 'finished', '{}',
            false, now(), now(), 0
          from generate_series(0, %d) n, project p where p.name = 'bench'
          """
              .formatted(RUNS - 1));
      superuser.execute(
          """
          insert into checkpoint (id, run_id, stage, branch, step, position, tokens, sequences,
            total_tokens, kind, weights_kind, components, representations, state, label, metadata,
            created_at, updated_at, version)
          select cast(md5('listed ' || n || '/' || c) as uuid), cast(md5('listed ' || n) as uuid),
            '', '', c * 1000, c * 1000, c * 1000000, c * 1000, c * 1000000, 'scheduled', 'raw',
            '{"weights": "present", "optimizer": "present"}', '[]', 'draft', 'step' || c * 1000,
            '{}', now(), now(), 0
          from generate_series(0, %d) n
          cross join lateral generate_series(1::bigint, case n when 0 then %d else %d end) c
          """
              .formatted(RUNS - 1, LONG, EACH));
      superuser.execute(
          """
          insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at)
          select gen_random_uuid(), c.run_id, l.label, c.id, c.created_at
          from checkpoint c cross join lateral (
            values (c.label), ('tag-' || c.step / 1000)) l (label)
          where c.run_id in (select id from run where name like 'listed-%')
          """);
      superuser.execute(
          """
          insert into checkpoint_file (checkpoint_id, path, sha256, size, media_type, role)
          select c.id, f.path, md5(c.id || f.path) || md5(f.path || c.id), 1000000,
            'application/octet-stream', 'weights'
          from checkpoint c cross join (values ('model.safetensors'), ('optimizer.pt')) f (path)
          where c.run_id in (select id from run where name like 'listed-%')
          """);
      for (var table : List.of("run", "checkpoint", "checkpoint_label", "checkpoint_file")) {
        superuser.execute("vacuum analyze " + table);
      }
    }
    bed.settle();
  }
}
