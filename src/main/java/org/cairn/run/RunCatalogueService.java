package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairn.platform.Names;
import org.cairn.platform.Sql;
import org.cairn.project.MemberCard;
import org.cairn.project.MemberFilter;
import org.cairn.project.MemberRows;

/** Runs of all projects, as a catalogue shows them. */
@ApplicationScoped
public class RunCatalogueService {

  private static final String SELECT =
      "select "
          + MemberRows.COLUMNS
          + ", m.citation, m.family, m.axes from run m join project p on p.id = m.project_id ";

  /** A run is found by its family and by the value of an axis too. */
  private static final String TAGGED =
      MemberRows.TAGGED
          + " or t.tag = m.family or exists (select 1 from jsonb_each_text(m.axes) a"
          + " where t.tag = a.key || ':' || a.value)";

  private final Sql sql;

  RunCatalogueService(Sql sql) {
    this.sql = sql;
  }

  @Transactional
  public List<MemberCard> list(MemberFilter filter) {
    var clause = filter.clause(TAGGED);
    return sql.query(SELECT + clause.sql(), clause.values(), RunCatalogueService::card);
  }

  /** A run by its names, whose case does not matter. */
  @Transactional
  public Optional<MemberCard> find(String project, String run) {
    if (!Names.isSlug(project) || !Names.isSlug(run)) {
      return Optional.empty();
    }
    return sql
        .query(
            SELECT + "where lower(p.name) = lower(?) and lower(m.name) = lower(?)",
            List.of(project, run),
            RunCatalogueService::card)
        .stream()
        .findFirst();
  }

  private static MemberCard card(ResultSet r) throws SQLException {
    var own = new ArrayList<String>();
    var family = r.getString("family");
    if (family != null) {
      own.add(family);
    }
    MemberRows.json(r.getString("axes"))
        .properties()
        .forEach(axis -> own.add(axis.getKey() + ":" + axis.getValue().asText()));
    return MemberRows.card(r, r.getString("citation"), own);
  }
}
