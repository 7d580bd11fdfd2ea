package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.cairn.access.Access;
import org.cairn.api.Idempotency;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.artifact.ArtifactStatus;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** The rules of dataset versions: made once, with all their files, and never changed. */
@ApplicationScoped
public class DatasetVersionService {

  private static final Pattern REFERENCE = Pattern.compile("([^/@]+)/([^/@]+)@(.+)");

  private final DatasetVersionRepository versions;
  private final DatasetVersionQueries queries;
  private final DatasetService datasets;
  private final ArtifactService artifacts;
  private final Access access;
  private final Idempotency idempotency;
  private final Clock clock;

  DatasetVersionService(
      DatasetVersionRepository versions,
      DatasetVersionQueries queries,
      DatasetService datasets,
      ArtifactService artifacts,
      Access access,
      Idempotency idempotency,
      Clock clock) {
    this.versions = versions;
    this.queries = queries;
    this.datasets = datasets;
    this.artifacts = artifacts;
    this.access = access;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  /**
   * Whether a reference of the form {@code project/dataset@version} leads to what the caller may
   * see.
   */
  public boolean exists(String reference) {
    var parts = REFERENCE.matcher(reference);
    return parts.matches()
        && Names.isSlug(parts.group(1))
        && Names.isSlug(parts.group(2))
        && Names.isPart(parts.group(3))
        && queries
            .isPrivate(parts.group(1), parts.group(2), parts.group(3))
            .filter(isPrivate -> access.scope().sees(parts.group(1), isPrivate))
            .isPresent();
  }

  /**
   * A version and its dataset, with all that is known of them.
   *
   * @param files the canonical JSON of the list of files, whose SHA-256 is the version's digest
   */
  public record Described(
      DatasetView dataset, DatasetVersionView version, Supplier<byte[]> files) {}

  /** What a reference of the form {@code project/dataset@version} leads to. */
  public Described described(String reference) {
    var parts = REFERENCE.matcher(reference);
    if (!parts.matches()) {
      throw RegistryException.notFound("dataset version", reference);
    }
    var ref = datasets.ref(parts.group(1), parts.group(2));
    var version = byName(ref, parts.group(3));
    return new Described(
        datasets.get(ref.project(), ref.name()).view(),
        version.view(ref),
        () -> new FileList(queries.files(version.id(), "", Integer.MAX_VALUE)).canonical());
  }

  @Transactional
  DatasetVersionView create(
      String project, String dataset, CreateDatasetVersionRequest request, @Nullable String key) {
    var ref = datasets.ref(project, dataset);
    var metadata = Metadata.check("metadata", request.metadata());
    FileList.check(request.files());
    return idempotency.once(
        "createDatasetVersion " + ref.id(),
        key,
        request,
        DatasetVersionView.class,
        () -> add(ref.id(), request, metadata).view(ref));
  }

  /** Makes a version, within the transaction of somebody else. */
  DatasetVersion add(UUID datasetId, CreateDatasetVersionRequest request, ObjectNode metadata) {
    if (request.tokenizerSha256() != null) {
      var _ = artifacts.claim(List.of(request.tokenizerSha256()));
    }
    var files = new FileList(sized(request.files()));
    var version =
        new DatasetVersion(UUID.randomUUID(), datasetId, request, files, metadata, clock.instant());
    versions.persistAndFlush(version); // a taken name fails here, as dataset_version_unique
    versions.insertFiles(version.id(), files.files());
    return version;
  }

  Versioned<DatasetVersionView> get(String project, String dataset, String version) {
    var ref = datasets.ref(project, dataset);
    return new Versioned<>(byName(ref, version).view(ref), 0);
  }

  PageView<DatasetVersionView> list(
      String project, String dataset, @Nullable String pageToken, int size) {
    var ref = datasets.ref(project, dataset);
    var from = PageToken.newest(pageToken);
    var rows = queries.newestBefore(ref.id(), from.createdAt(), from.id(), size + 1);
    return PageView.of(
        rows, size, row -> row.view(ref), row -> PageToken.of(row.createdAt(), row.id()));
  }

  PageView<DatasetFileView> files(
      String project, String dataset, String version, @Nullable String pageToken, int size) {
    var id = byName(datasets.ref(project, dataset), version).id();
    var from = PageToken.parse(pageToken, 1);
    var rows = queries.files(id, from == null ? "" : from.key().getFirst(), size + 1);
    return PageView.of(rows, size, file -> file, file -> new PageToken(List.of(file.path())));
  }

  /** A file whose bytes are here; a problem tells where else they are, or why they are not. */
  StoredFile stored(String project, String dataset, String version, String path) {
    var id = byName(datasets.ref(project, dataset), version).id();
    var file =
        Optional.of(path)
            .filter(name -> Names.faultOfPath(name).isEmpty())
            .flatMap(name -> queries.file(id, name))
            .orElseThrow(() -> RegistryException.notFound("file", path));
    if (file.sha256() == null || artifacts.find(file.sha256()).isEmpty()) {
      var reason =
          file.withheldReason() != null
              ? "withheld: " + file.withheldReason()
              : file.location() != null ? "not here, but at " + file.location() : "not here";
      throw RegistryException.notFound("bytes of", path + ", which are " + reason);
    }
    return new StoredFile(file.path(), file.sha256(), file.mediaType());
  }

  /** Bytes that should be here must be; of those the size is known even where nobody told it. */
  private List<DatasetFileView> sized(List<DatasetFileView> files) {
    var known =
        artifacts.claim(
            files.stream()
                .filter(DatasetFileView::isStored)
                .map(DatasetFileView::sha256)
                .filter(java.util.Objects::nonNull)
                .toList());
    return java.util.stream.IntStream.range(0, files.size())
        .mapToObj(i -> sized("files[" + i + "]", files.get(i), known))
        .toList();
  }

  private static DatasetFileView sized(
      String at, DatasetFileView file, Map<Sha256, ArtifactStatus> known) {
    var status = file.isStored() && file.sha256() != null ? known.get(file.sha256()) : null;
    if (status == null) {
      return file;
    }
    if (status.state() != ArtifactState.VERIFIED && status.state() != ArtifactState.VERIFYING) {
      throw RegistryException.invalid(
          at + ".sha256", "has not been uploaded, and the file has no location: " + file.sha256());
    }
    if (status.size() != null && file.size() != null && !status.size().equals(file.size())) {
      throw RegistryException.invalid(
          at + ".size", "is " + file.size() + ", but the bytes have " + status.size());
    }
    return file.withSize(status.size());
  }

  private DatasetVersion byName(DatasetRef dataset, String version) {
    return Optional.of(version)
        .filter(Names::isPart)
        .flatMap(name -> versions.byName(dataset.id(), name))
        .orElseThrow(() -> RegistryException.notFound("dataset version", dataset + "@" + version));
  }

  /** A file that can be delivered. */
  record StoredFile(String path, Sha256 sha256, @Nullable String mediaType) {}
}
