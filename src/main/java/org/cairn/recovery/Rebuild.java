package org.cairn.recovery;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import org.cairn.checkpoint.CheckpointRecovery;
import org.cairn.embedded.CatalogueRebuild;
import org.cairn.job.JobService;
import org.cairn.record.Losses;
import org.cairn.record.RecordRecovery;
import org.cairn.record.RecordRecovery.Found;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;

/**
 * The steps of a rebuild. Each can be repeated: what is there already stays, so that one which was
 * killed is begun again and goes on.
 */
@ApplicationScoped
class Rebuild implements CatalogueRebuild {

  private static final int MANIFESTS = 100;
  private static final Duration LOOK = Duration.ofMillis(500);

  /** In this order, as the later ones refer to the earlier; with the tables that come first. */
  private static final List<String> KINDS =
      List.of("project", "configuration", "dataset", "dataset-version", "run");

  private static final Set<String> FIRST =
      Set.of(
          "project",
          "configuration",
          "dataset",
          "dataset_version",
          "dataset_file",
          "run",
          "segment",
          "run_file");

  private final RecoveryService state;
  private final RecordRecovery records;
  private final CheckpointRecovery checkpoints;
  private final BytesRecovery bytes;
  private final JobService jobs;
  private final ObjectStore store;
  private final AgroalDataSource database;

  Rebuild(
      RecoveryService state,
      RecordRecovery records,
      CheckpointRecovery checkpoints,
      BytesRecovery bytes,
      JobService jobs,
      ObjectStore store,
      AgroalDataSource database) {
    this.state = state;
    this.records = records;
    this.checkpoints = checkpoints;
    this.bytes = bytes;
    this.jobs = jobs;
    this.store = store;
    this.database = database;
  }

  @Override
  public Report run(Consumer<String> progress) throws RefusedException, InterruptedException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      // Held by this connection for as long as it is open.
      try (var held =
          statement.executeQuery("select pg_try_advisory_lock(hashtextextended('rebuild', 0))")) {
        if (!held.next() || !held.getBoolean(1)) {
          throw new RefusedException("Another cairn rebuild is at work on this database.");
        }
      }
      if (!state.begin()) {
        throw new RefusedException(
            "The catalogue is not empty: a rebuild fills an empty database and changes no other.");
      }
      var lost = rebuild(progress);
      state.finish();
      return new Report(state.counts(), lost);
    } catch (SQLException e) {
      throw new IllegalStateException("The database does not answer", e);
    }
  }

  private List<Lost> rebuild(Consumer<String> progress) throws InterruptedException {
    var lost = new ArrayList<Lost>();
    Losses losses = (what, reason) -> lost.add(new Lost(what, reason));
    var found = records.find();
    for (var kind : KINDS) {
      var ofKind = found.getOrDefault(kind, List.of());
      ofKind.forEach(thing -> records.insert(thing, FIRST, losses));
      progress.accept("%s: %,d records".formatted(kind, ofKind.size()));
    }
    insertCheckpoints(progress, losses);
    var runs = state.runs();
    var labels = byFolder(found.getOrDefault("label", List.of()));
    runs.forEach((name, id) -> {
      var record = labels.get(name);
      checkpoints.connect(id, record == null ? null : records.text(record, losses).orElse(null));
    });
    for (var kind : List.of("run", "label", "finding")) {
      for (var thing : found.getOrDefault(kind, List.of())) {
        // A record that cannot be read was told of above.
        records.insert(
            thing,
            Set.of("parent_edge", "finding"),
            kind.equals("finding") ? losses : (what, reason) -> {});
      }
    }
    progress.accept("documents: %,d".formatted(checkpoints.insertDocuments()));
    lost.addAll(bytes.recover(progress));
    runs.values().forEach(id -> checkpoints.decideWeights(id, losses));
    lost.addAll(state.missingBytes());
    runs.values().forEach(checkpoints::recovered);
    for (long left; (left = jobs.unfinished()) > 0; Thread.sleep(LOOK)) {
      progress.accept("examining runs: %,d to go".formatted(left));
    }
    return lost;
  }

  private static Map<String, Found> byFolder(List<Found> found) {
    var byFolder = new HashMap<String, Found>();
    found.forEach(thing -> byFolder.put(thing.folder(), thing));
    return byFolder;
  }

  private void insertCheckpoints(Consumer<String> progress, Losses losses) {
    // One after the other by run: a catalogue of a million manifests is more than memory holds.
    var runs = new TreeMap<String, Integer>();
    try (var objects = store.list(new ObjectKey("catalogue"))) {
      objects.forEach(object -> {
        var key = object.key().value();
        if (key.endsWith(".json")) {
          runs.merge(key.substring(0, key.lastIndexOf('/')), 1, Integer::sum);
        }
      });
    }
    runs.forEach((folder, count) -> {
      int inserted = 0;
      try (var objects = store.list(new ObjectKey(folder))) {
        var batches =
            objects
                .map(object -> object.key())
                .filter(key -> key.value().endsWith(".json"))
                .gather(Gatherers.windowFixed(MANIFESTS))
                .iterator();
        while (batches.hasNext()) {
          inserted += checkpoints.insert(batches.next(), losses);
        }
      }
      progress.accept("%s: %,d of %,d".formatted(folder, inserted, count));
    });
  }
}
