package org.cairn.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.api.Idempotency;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.dataset.CreateVersionRequest.DataFile;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** The rules of dataset versions, which never change. */
@ApplicationScoped
class VersionService {

  private final DatasetService datasets;
  private final VersionRepository versions;
  private final ArtifactService artifacts;
  private final Idempotency idempotency;
  private final ObjectMapper json;
  private final Clock clock;

  VersionService(
      DatasetService datasets,
      VersionRepository versions,
      ArtifactService artifacts,
      Idempotency idempotency,
      ObjectMapper json,
      Clock clock) {
    this.datasets = datasets;
    this.versions = versions;
    this.artifacts = artifacts;
    this.idempotency = idempotency;
    this.json = json;
    this.clock = clock;
  }

  @Transactional
  VersionView create(
      String project, String dataset, CreateVersionRequest request, @Nullable String key) {
    var ref = datasets.ref(project, dataset);
    var metadata = Metadata.check("metadata", request.metadata());
    check(request.files());
    return idempotency.once(
        "createDatasetVersion " + ref.id(),
        key,
        request,
        VersionView.class,
        () -> {
          // A taken version fails here, as dataset_version_unique.
          versions.insert(
              UUID.randomUUID(),
              ref.id(),
              request,
              digest(request.files()),
              metadata,
              clock.instant());
          return versions.find(ref, request.version()).orElseThrow().view();
        });
  }

  @Transactional
  VersionView get(String project, String dataset, String version) {
    return find(project, dataset, version).view();
  }

  @Transactional
  PageView<VersionView> list(String project, String dataset, @Nullable String pageToken, int size) {
    var from = PageToken.newest(pageToken);
    var rows =
        versions.newestBefore(
            datasets.ref(project, dataset), from.createdAt(), from.id(), size + 1);
    return PageView.of(
        rows,
        size,
        VersionRepository.Found::view,
        row -> PageToken.of(row.view().createdAt(), row.id()));
  }

  @Transactional
  PageView<DataFile> files(
      String project, String dataset, String version, @Nullable String pageToken, int size) {
    var from = PageToken.parse(pageToken, 1);
    var rows =
        versions.files(
            find(project, dataset, version).id(),
            from == null ? "" : from.key().getFirst(),
            size + 1);
    return PageView.of(rows, size, file -> file, file -> new PageToken(List.of(file.path())));
  }

  /** A file whose bytes are here. */
  @Transactional
  DataFile storedFile(String project, String dataset, String version, String path) {
    var found = find(project, dataset, version);
    var file =
        (Names.faultOfPath(path).isEmpty()
                ? versions.file(found.id(), path)
                : Optional.<DataFile>empty())
            .orElseThrow(() -> RegistryException.notFound("file", path));
    if (!file.stored()) {
      throw RegistryException.notFound(
          "bytes of file",
          path
              + (file.location() == null
                  ? ", which is withheld: " + file.withheldReason()
                  : ", which is at " + file.location()));
    }
    return file;
  }

  private VersionRepository.Found find(String project, String dataset, String version) {
    var ref = datasets.ref(project, dataset);
    return (Names.isSlug(version)
            ? versions.find(ref, version)
            : Optional.<VersionRepository.Found>empty())
        .orElseThrow(() ->
            RegistryException.notFound(
                "version", ref.project() + "/" + ref.name() + "@" + version));
  }

  private void check(List<DataFile> files) {
    var seen = new HashSet<String>();
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      var field = "files[" + i + "]";
      var fault = Names.faultOfPath(file.path());
      if (!fault.isEmpty()) {
        throw RegistryException.invalid(field + ".path", fault);
      }
      if (!seen.add(file.path())) {
        throw RegistryException.invalid(field + ".path", "comes twice: " + file.path());
      }
      if (file.location() != null && file.withheldReason() != null) {
        throw RegistryException.invalid(
            field, "is either elsewhere (location) or withheld, not both");
      }
      if (file.stored() && (file.sha256() == null || file.size() == null)) {
        throw RegistryException.invalid(
            field, "needs sha256 and size, or a location, or a withheldReason");
      }
    }
    var statuses =
        artifacts.statuses(
            files.stream()
                .filter(DataFile::stored)
                .map(file -> Objects.requireNonNull(file.sha256()))
                .collect(Collectors.toSet()));
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      if (!file.stored()) {
        continue;
      }
      var status = statuses.get(file.sha256());
      if (status == null
          || (status.state() != ArtifactState.VERIFIED
              && status.state() != ArtifactState.VERIFYING)) {
        throw RegistryException.invalid(
            "files[" + i + "].sha256", "has not been uploaded: " + file.sha256());
      }
      if (status.size() != null && !status.size().equals(file.size())) {
        throw RegistryException.invalid(
            "files[" + i + "].size", "is " + file.size() + ", but the bytes have " + status.size());
      }
    }
  }

  /** Of what the files are, not of what somebody says about them. */
  private Sha256 digest(List<DataFile> files) {
    var list = json.createArrayNode();
    files.stream()
        .sorted(Comparator.comparing(DataFile::path))
        .forEach(file -> {
          var entry = list.addObject().put("path", file.path());
          entry.put("sha256", file.sha256() == null ? null : file.sha256().hex());
          entry.put("size", file.size());
          entry.put("location", file.location());
          entry.put("withheldReason", file.withheldReason());
        });
    return CanonicalJson.digest(list);
  }
}
