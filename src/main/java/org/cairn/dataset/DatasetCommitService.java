package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileRoles;
import org.jspecify.annotations.Nullable;

/**
 * Datasets to which somebody commits files: a version never changes, so what its files become is
 * the next version.
 */
@ApplicationScoped
public class DatasetCommitService {

  /** Most files of a dataset that is changed this way; the list is read and written whole. */
  private static final int FILES_MAX = 100_000;

  private final DatasetRepository datasets;
  private final DatasetVersionQueries queries;
  private final DatasetVersionService versions;
  private final DatasetCatalogueService catalogue;

  DatasetCommitService(
      DatasetRepository datasets,
      DatasetVersionQueries queries,
      DatasetVersionService versions,
      DatasetCatalogueService catalogue) {
    this.datasets = datasets;
    this.queries = queries;
    this.versions = versions;
    this.catalogue = catalogue;
  }

  /**
   * Makes the version that comes after the newest, wholly or not at all; others who do so wait.
   * Files that are elsewhere or withheld stay, unless they are deleted or come with bytes.
   *
   * @param seen the newest commit as the caller saw it
   * @param parent beginning of the commit that the changes are meant for; null for any
   * @return empty where the changes come to nothing
   */
  @Transactional
  public Optional<CommittedVersion> commit(
      UUID datasetId, FileChanges changes, String seen, @Nullable String parent) {
    if (datasets.findById(datasetId, LockModeType.PESSIMISTIC_WRITE) == null) {
      throw RegistryException.notFound("dataset", datasetId.toString());
    }
    var before = catalogue.versions(datasetId);
    var newest = before.isEmpty() ? null : before.getLast();
    if (parent != null && !(newest == null ? seen : newest.commit()).startsWith(parent)) {
      throw new RegistryException(ProblemType.PRECONDITION_FAILED, "The dataset changed");
    }
    if (before.stream().anyMatch(version -> version.version().equals("main"))) {
      throw new RegistryException(
          ProblemType.SEALED, "The dataset has a version main, and a version never changes");
    }
    var files =
        newest == null
            ? List.<DatasetFileView>of()
            : queries.files(newest.id(), "", Integer.MAX_VALUE);
    var byPath = new TreeMap<String, DatasetFileView>();
    files.forEach(file -> byPath.put(file.path(), file));
    var changed = changed(byPath, changes);
    if (changed.equals(byPath)) {
      return Optional.empty();
    }
    var after = List.copyOf(changed.values());
    FileList.check(after);
    if (after.size() > FILES_MAX) {
      throw RegistryException.invalid("files", "a version has at most " + FILES_MAX + " files");
    }
    var name = next(before);
    var request =
        new CreateDatasetVersionRequest(name, after, null, null, null, null, null, null, null);
    var _ = versions.add(datasetId, request, JsonNodeFactory.instance.objectNode());
    return catalogue.versions(datasetId).stream()
        .filter(version -> version.version().equals(name))
        .findFirst();
  }

  private static Map<String, DatasetFileView> changed(
      Map<String, DatasetFileView> before, FileChanges changes) {
    var after = new TreeMap<>(before);
    var missing = changes.removeFrom(after);
    if (!missing.isEmpty()) {
      throw RegistryException.notFound("file", missing.getFirst());
    }
    for (var file : changes.added()) {
      var old = before.get(file.path());
      after.put(
          file.path(),
          old != null && old.isStored() && file.sha256().equals(old.sha256()) ? old : view(file));
    }
    return after;
  }

  private static DatasetFileView view(FileEntry file) {
    return new DatasetFileView(
        file.path(),
        file.sha256(),
        file.size(),
        FileRoles.mediaType(file.path()),
        null,
        null,
        null,
        null,
        null);
  }

  /** r1, r2, and so on; a name that somebody gave by himself is passed over. */
  private static String next(List<CommittedVersion> before) {
    var taken = new HashSet<String>();
    before.forEach(version -> taken.add(version.version()));
    int number = before.size() + 1;
    while (taken.contains("r" + number)) {
      number++;
    }
    return "r" + number;
  }
}
