package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.cairn.importer.LocationService.LocationState;
import org.cairn.platform.Sql;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.jspecify.annotations.Nullable;

/** What is wrong with the locations of a run, as findings. */
@ApplicationScoped
class LocationFindings {

  static final List<LocationState> TOLD = List.of(LocationState.MISSING, LocationState.CHANGED);

  /** Most addresses that a finding names. */
  private static final int SHOWN = 50;

  private final Sql sql;
  private final FindingService findings;

  LocationFindings(Sql sql, FindingService findings) {
    this.sql = sql;
    this.findings = findings;
  }

  /** One finding of a run for all its locations that are gone, and one for those that changed. */
  void settle(UUID run) {
    parents(run);
    for (var state : TOLD) {
      var findingClass = "location-" + state.text();
      var subject = "locations";
      var rows =
          sql.query(
              """
              select address, path, reason, count(*) over () as locations from location
              where run_id = ? and state = ? order by address, path limit ?
              """,
              List.of(run, state.text(), SHOWN),
              row -> {
                var one = JsonNodeFactory.instance.objectNode();
                one.put("address", row.getString("address"))
                    .put("path", row.getString("path"))
                    .put("reason", row.getString("reason"))
                    .put("locations", row.getLong("locations"));
                return one;
              });
      if (rows.isEmpty()) {
        findings.fix(run, findingClass, subject);
        continue;
      }
      var evidence =
          JsonNodeFactory.instance
              .objectNode()
              .put("locations", rows.getFirst().path("locations").asLong());
      var shown = evidence.putArray("shown");
      rows.forEach(row -> {
        row.remove("locations");
        shown.add(row);
      });
      findings.recordAll(run, List.of(new NewFinding(null, findingClass, subject, evidence)));
    }
  }

  /** A parent that a host was asked for; by is who names it. */
  private record AskedParent(
      String address, List<String> by, boolean missing, @Nullable String reason) {}

  /** What trainings of the run begin with, where its host has nothing any more. */
  private void parents(UUID run) {
    var asked =
        sql.query(
            """
            select n.address, array_agg(n.named_by order by n.named_by), l.state = 'missing', l.reason
            from named_parent n
            join location l on l.run_id = n.run_id and l.address = n.address and l.path = ''
            where n.run_id = ? and l.probed_at is not null
            group by n.address, l.state, l.reason order by n.address
            """,
            List.of(run),
            row ->
                new AskedParent(
                    row.getString(1),
                    List.of((String[]) row.getArray(2).getArray()),
                    row.getBoolean(3),
                    row.getString(4)));
    for (var parent : asked) {
      var fault =
          ParentRules.unreachable(
                  parent.address(), Objects.requireNonNullElse(parent.reason(), ""), parent.by())
              .summed();
      if (parent.missing()) {
        findings.recordAll(
            run, List.of(new NewFinding(null, fault.kind(), fault.subject(), fault.evidence())));
      } else {
        findings.fix(run, fault.kind(), fault.subject());
      }
    }
  }
}
