package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.cairn.api.Idempotency;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.platform.FileRoles;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Names;
import org.cairn.run.RunFilesRequest.RunFileRequest;
import org.jspecify.annotations.Nullable;

/** The rules of files that belong to a run as a whole. */
@ApplicationScoped
public class RunFileService {

  private final RunFileRepository files;
  private final RunService runs;
  private final ArtifactService artifacts;
  private final Idempotency idempotency;
  private final Clock clock;

  RunFileService(
      RunFileRepository files,
      RunService runs,
      ArtifactService artifacts,
      Idempotency idempotency,
      Clock clock) {
    this.files = files;
    this.runs = runs;
    this.artifacts = artifacts;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  @Transactional
  RunFilesView put(String project, String run, RunFilesRequest request, @Nullable String key) {
    var ref = runs.ref(project, run);
    checkPaths(request.files());
    return idempotency.once(
        "putRunFiles " + ref.id(),
        key,
        request,
        RunFilesView.class,
        () -> {
          checkArtifacts(request.files());
          var views = request.files().stream().map(RunFileService::view).toList();
          files.upsert(ref.id(), views, false, clock.instant());
          return new RunFilesView(views);
        });
  }

  PageView<RunFileView> list(String project, String run, @Nullable String pageToken, int size) {
    var ref = runs.ref(project, run);
    var from = PageToken.parse(pageToken, 1);
    var rows = files.page(ref.id(), from == null ? "" : from.key().getFirst(), size + 1);
    return PageView.of(rows, size, file -> file, file -> new PageToken(List.of(file.path())));
  }

  RunFileView get(String project, String run, String path) {
    var ref = runs.ref(project, run);
    // What is no path is nowhere, and PostgreSQL need not be asked about it.
    return (Names.faultOfPath(path).isEmpty()
            ? files.find(ref.id(), path)
            : java.util.Optional.<RunFileView>empty())
        .orElseThrow(() -> notFound(path));
  }

  /** The logs of a run, by path; the first {@code most} of them. */
  @Transactional
  public List<RunFileView> logs(UUID runId, int most) {
    return files.logs(runId, most);
  }

  @Transactional
  void delete(String project, String run, String path) {
    var ref = runs.ref(project, run);
    if (!Names.faultOfPath(path).isEmpty() || !files.delete(ref.id(), path)) {
      throw notFound(path);
    }
  }

  private static void checkPaths(List<RunFileRequest> requests) {
    var seen = new HashSet<String>();
    for (int i = 0; i < requests.size(); i++) {
      var path = requests.get(i).path();
      var fault = Names.faultOfPath(path);
      if (!fault.isEmpty()) {
        throw RegistryException.invalid("files[" + i + "].path", fault);
      }
      if (!seen.add(path)) {
        throw RegistryException.invalid("files[" + i + "].path", "comes twice: " + path);
      }
    }
    var fault = Names.faultOfPaths(seen);
    if (!fault.isEmpty()) {
      throw RegistryException.invalid("files", fault);
    }
  }

  private void checkArtifacts(List<RunFileRequest> requests) {
    var known = artifacts.claim(requests.stream().map(RunFileRequest::sha256).toList());
    for (int i = 0; i < requests.size(); i++) {
      var request = requests.get(i);
      var status = Objects.requireNonNull(known.get(request.sha256()));
      if (status.state() != ArtifactState.VERIFIED && status.state() != ArtifactState.VERIFYING) {
        throw RegistryException.invalid(
            "files[" + i + "].sha256", "has not been uploaded: " + request.sha256());
      }
      if (status.size() != null && !status.size().equals(request.size())) {
        throw RegistryException.invalid(
            "files[" + i + "].size",
            "is " + request.size() + ", but the bytes have " + status.size());
      }
    }
  }

  private static RunFileView view(RunFileRequest request) {
    return new RunFileView(
        request.path(),
        request.sha256(),
        request.size(),
        Objects.requireNonNullElseGet(request.role(), () -> FileRoles.role(request.path())),
        Objects.requireNonNullElse(request.mediaType(), MediaTypes.DEFAULT));
  }

  private static RegistryException notFound(String path) {
    return RegistryException.notFound("file", path);
  }
}
