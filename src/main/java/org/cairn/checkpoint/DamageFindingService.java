package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import java.util.UUID;
import org.cairn.artifact.ArtifactCondition;
import org.cairn.artifact.Damage;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.run.FindingService;

/** Tells every run whose files are damaged, and that they are right again. */
@ApplicationScoped
class DamageFindingService {

  static final String STORED_BYTES_DAMAGED = "stored-bytes-damaged";

  /** Most files of a run that are named. */
  private static final int PATHS_SHOWN = 20;

  private final FindingService findings;
  private final Sql sql;

  DamageFindingService(FindingService findings, Sql sql) {
    this.findings = findings;
    this.sql = sql;
  }

  @Transactional(TxType.MANDATORY)
  void observe(@Observes ArtifactCondition condition) {
    var subject = "artifact sha256:" + condition.sha256();
    var damage = condition.damage();
    if (damage == null) {
      findings.fix(STORED_BYTES_DAMAGED, subject, "The stored bytes are right again.");
      return;
    }
    for (var named : named(condition.sha256())) {
      findings.record(
          named.run(), null, STORED_BYTES_DAMAGED, subject, evidence(condition, damage, named));
    }
  }

  private static ObjectNode evidence(ArtifactCondition condition, Damage damage, Named named) {
    var evidence =
        JsonNodeFactory.instance
            .objectNode()
            .put("sha256", condition.sha256().hex())
            .put("key", condition.key().value())
            .put("damage", damage.text())
            .put("size", condition.size())
            .put("foundSize", condition.found())
            .put("since", condition.since().toString())
            .put("files", named.files());
    var paths = evidence.putArray("paths");
    named.paths().forEach(paths::add);
    return evidence;
  }

  /** The files of a run that have these bytes. */
  private record Named(UUID run, long files, List<String> paths) {}

  private List<Named> named(Sha256 sha256) {
    return sql.query(
        """
        select run_id, count(*), (array_agg(path order by path))[1:?] from (
          select c.run_id, c.label || ': ' || f.path as path
          from checkpoint_file f join checkpoint c on c.id = f.checkpoint_id where f.sha256 = ?
          union all
          select run_id, path from run_file where sha256 = ?) as file
        group by run_id order by run_id
        """,
        List.of(PATHS_SHOWN, sha256.hex(), sha256.hex()),
        row ->
            new Named(
                row.getObject(1, UUID.class),
                row.getLong(2),
                List.of((String[]) row.getArray(3).getArray())));
  }
}
