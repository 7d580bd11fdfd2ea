package org.cairn.importer;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.importer.AddressProbe.Answer;
import org.cairn.platform.Sql;
import org.cairn.run.RunService;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where somebody else has bytes of checkpoints, and whether they still have them. */
@ApplicationScoped
class LocationService {

  /** Longest that a replica may take for what it was given to ask. */
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final Sql sql;
  private final RunService runs;
  private final LocationFindings findings;

  LocationService(Sql sql, RunService runs, LocationFindings findings) {
    this.sql = sql;
    this.runs = runs;
    this.findings = findings;
  }

  /** What is known of a location. */
  public enum LocationState {
    /** Nobody has asked yet. */
    UNASKED,
    AVAILABLE,
    /** It is there, for those who may have it. */
    GATED,
    MISSING,
    /** It is there, and not what was listed, or not what was there before. */
    CHANGED,
    /** Nobody is asked, since the address leads where nobody should be led. */
    REFUSED,
    /** The host gave no answer that says anything. */
    UNKNOWN;

    /** The spelling on the wire and in the database. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static LocationState parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A location as clients see it.
   *
   * @param checkpoint label; null where the address is of none
   * @param path of the file in the checkpoint; empty where the address is of all of it
   * @param size in bytes, as the listing gives it
   * @param algorithm of the digest that the listing gives: sha256, or sha1-git for a blob of git
   * @param reason for the state, for people
   */
  record LocationView(
      UUID id,
      @Nullable String checkpoint,
      String address,
      String path,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest,
      LocationState state,
      @Nullable String reason,
      @Schema(description = "As the host said when the address was first available")
          @Nullable Long seenSize,
      @Nullable String seenAlgorithm,
      @Nullable String seenDigest,
      @Nullable Instant probedAt) {}

  /** A location that is to be asked about. */
  record Due(
      UUID id,
      UUID run,
      String address,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest,
      LocationState state,
      @Nullable Long seenSize,
      @Nullable String seenAlgorithm,
      @Nullable String seenDigest) {}

  /** Some that it is time to ask about; nobody else gets them for a while. */
  @Transactional
  List<Due> due(int limit) {
    return sql.query(
        """
        update location set probe_after = now() + make_interval(secs => ?)
        where id in (
          select id from location where probe_after <= now()
          order by probe_after limit ? for update skip locked)
        returning id, run_id, address, size, algorithm, digest, state, seen_size, seen_algorithm, seen_digest
        """,
        List.of((double) LEASE.toSeconds(), limit),
        row ->
            new Due(
                row.getObject("id", UUID.class),
                row.getObject("run_id", UUID.class),
                row.getString("address"),
                row.getObject("size", Long.class),
                row.getString("algorithm"),
                row.getString("digest"),
                LocationState.parse(row.getString("state")),
                row.getObject("seen_size", Long.class),
                row.getString("seen_algorithm"),
                row.getString("seen_digest")));
  }

  /** What somebody is told of a location, and why. */
  record Verdict(LocationState state, String reason) {}

  /** Holds an answer against what was listed, and against what the host said first. */
  static Verdict verdict(Due location, Answer answer) {
    return switch (answer.state()) {
      case GATED -> new Verdict(LocationState.GATED, answer.reason());
      case MISSING -> new Verdict(LocationState.MISSING, answer.reason());
      case REFUSED -> new Verdict(LocationState.REFUSED, answer.reason());
      // A host that is away for an hour says nothing of what it has.
      case UNKNOWN ->
          new Verdict(
              location.state() == LocationState.UNASKED ? LocationState.UNKNOWN : location.state(),
              answer.reason());
      case AVAILABLE ->
          differs("listed", location.size(), location.algorithm(), location.digest(), answer)
              .or(() ->
                  differs(
                      "seen before",
                      location.seenSize(),
                      location.seenAlgorithm(),
                      location.seenDigest(),
                      answer))
              .map(reason -> new Verdict(LocationState.CHANGED, reason))
              .orElseGet(() -> new Verdict(LocationState.AVAILABLE, answer.reason()));
    };
  }

  private static Optional<String> differs(
      String when,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest,
      Answer answer) {
    if (size != null && answer.size() != null && !size.equals(answer.size())) {
      return Optional.of("has %d bytes; %s: %d".formatted(answer.size(), when, size));
    }
    if (digest != null
        && answer.digest() != null
        && Objects.equals(algorithm, answer.algorithm())
        && !digest.equals(answer.digest())) {
      return Optional.of("has %s %s; %s: %s".formatted(algorithm, answer.digest(), when, digest));
    }
    return Optional.empty();
  }

  /** Keeps an answer; the next question is asked after a while. */
  @Transactional
  void answered(Due location, Answer answer, Duration next) {
    var verdict = verdict(location, answer);
    boolean first = answer.state() == AddressProbe.State.AVAILABLE;
    ObjectNode seen = JsonNodeFactory.instance.objectNode();
    if (first) {
      seen.put("size", answer.size())
          .put("algorithm", answer.algorithm())
          .put("digest", answer.digest());
    }
    sql.update(
        """
        update location set state = ?, reason = ?, probed_at = now(),
          probe_after = now() + make_interval(secs => ?),
          seen_size = coalesce(seen_size, cast(seen.said ->> 'size' as bigint)),
          seen_digest = coalesce(seen_digest, seen.said ->> 'digest'),
          seen_algorithm = case when seen_digest is null then seen.said ->> 'algorithm'
            else seen_algorithm end
        from (select cast(? as jsonb) as said) as seen
        where id = ?
        """,
        List.of(
            verdict.state().text(),
            verdict.reason(),
            (double) next.toSeconds(),
            seen.toString(),
            location.id()));
    if (verdict.state() != location.state()
        && (LocationFindings.TOLD.contains(verdict.state())
            || LocationFindings.TOLD.contains(location.state()))) {
      findings.settle(location.run());
    }
  }

  @Transactional
  PageView<LocationView> list(
      String project,
      String run,
      @Nullable LocationState state,
      @Nullable String pageToken,
      int size) {
    var ref = runs.ref(project, run);
    var from = PageToken.parse(pageToken, 2);
    return PageView.of(
        sql.query(
            """
            select l.*, c.label as checkpoint from location l
            left join checkpoint c on c.id = l.checkpoint_id
            where l.run_id = ? and (l.address, l.path) > (?, ?) and ? in ('', l.state)
            order by l.address, l.path limit ?
            """,
            List.of(
                ref.id(),
                from == null ? "" : from.key().get(0),
                from == null ? "" : from.key().get(1),
                state == null ? "" : state.text(),
                size + 1),
            LocationService::view),
        size,
        row -> row,
        row -> new PageToken(List.of(row.address(), row.path())));
  }

  private static LocationView view(ResultSet row) throws SQLException {
    return new LocationView(
        row.getObject("id", UUID.class),
        row.getString("checkpoint"),
        row.getString("address"),
        row.getString("path"),
        row.getObject("size", Long.class),
        row.getString("algorithm"),
        row.getString("digest"),
        LocationState.parse(row.getString("state")),
        row.getString("reason"),
        row.getObject("seen_size", Long.class),
        row.getString("seen_algorithm"),
        row.getString("seen_digest"),
        Sql.instant(row, "probed_at"));
  }
}
