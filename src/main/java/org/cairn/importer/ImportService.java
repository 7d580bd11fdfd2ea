package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.cairn.access.Access;
import org.cairn.access.Thing;
import org.cairn.api.Idempotency;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.importer.CreateImportRequest.ImportedFile;
import org.cairn.importer.ImportRepository.RunFault;
import org.cairn.job.JobService;
import org.cairn.project.ProjectService;
import org.jspecify.annotations.Nullable;

/** The life of imports. */
@ApplicationScoped
class ImportService {

  private final ImportRepository imports;
  private final ProjectService projects;
  private final ArtifactService artifacts;
  private final JobService jobs;
  private final Access access;
  private final Idempotency idempotency;
  private final Clock clock;

  ImportService(
      ImportRepository imports,
      ProjectService projects,
      ArtifactService artifacts,
      JobService jobs,
      Access access,
      Idempotency idempotency,
      Clock clock) {
    this.imports = imports;
    this.projects = projects;
    this.artifacts = artifacts;
    this.jobs = jobs;
    this.access = access;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  @Transactional
  ImportView create(CreateImportRequest request, @Nullable String key) {
    access.requireWriter(Thing.project(request.project()));
    var project = projects.ref(request.project());
    check(request);
    return get(
        idempotency.once(
            "createImport " + project.id(),
            key,
            request,
            UUID.class,
            () -> {
              claim(Objects.requireNonNullElse(request.files(), List.of()));
              var id = UUID.randomUUID();
              var job =
                  jobs.enqueue(
                      ImportJob.KIND,
                      project.name() + ", " + request.form().text(),
                      JsonNodeFactory.instance.objectNode().put("import", id.toString()),
                      request.files() == null ? 0 : request.files().size());
              imports.insert(id, project.id(), request, job, clock.instant());
              return id;
            }));
  }

  private static void check(CreateImportRequest request) {
    boolean hasFiles = request.files() != null && !request.files().isEmpty();
    if (request.form() == ImportForm.HUB) {
      if (hasFiles) {
        throw RegistryException.invalid("files", "the form hub has none: it asks a server");
      }
      if (request.options() == null || request.options().repository() == null) {
        throw RegistryException.invalid("options.repository", "is needed by the form hub");
      }
    } else if (!hasFiles) {
      throw RegistryException.invalid("files", "is needed: at least one file");
    }
  }

  private void claim(List<ImportedFile> files) {
    var digests = files.stream().map(ImportedFile::sha256).distinct().toList();
    var statuses = artifacts.claim(digests);
    for (int i = 0; i < files.size(); i++) {
      var status = statuses.get(files.get(i).sha256());
      if (status == null || status.state() != ArtifactState.VERIFIED) {
        throw RegistryException.invalid(
            "files[" + i + "].sha256", "is no verified artifact: " + files.get(i).sha256());
      }
    }
  }

  @Transactional
  ImportView get(UUID id) {
    return seen(id);
  }

  @Transactional
  PageView<ImportView> list(String project, @Nullable String pageToken, int size) {
    requireReader(project);
    return PageView.of(
        imports.newestBefore(projects.idOf(project), PageToken.newest(pageToken), size + 1),
        size,
        one -> one,
        one -> PageToken.of(one.createdAt(), one.id()));
  }

  @Transactional
  PageView<ImportChange> changes(UUID id, @Nullable String pageToken, int size) {
    seen(id);
    var from = PageToken.parse(pageToken, 1);
    return PageView.of(
        imports.changes(id, from == null ? 0 : from.number(0), size + 1),
        size,
        ImportRepository.Numbered::item,
        row -> new PageToken(List.of(Long.toString(row.ordinal()))));
  }

  @Transactional
  PageView<ImportFindingView> findings(UUID id, @Nullable String pageToken, int size) {
    seen(id);
    var from = PageToken.parse(pageToken, 1);
    return PageView.of(
        imports.findings(id, from == null ? 0 : from.number(0), size + 1),
        size,
        row -> view(row.item()),
        row -> new PageToken(List.of(Long.toString(row.ordinal()))));
  }

  private static ImportFindingView view(RunFault found) {
    return new ImportFindingView(
        found.run(), found.fault().kind(), found.fault().subject(), found.fault().evidence());
  }

  /** It may run a little longer; one that is over is left as it is. */
  @Transactional
  ImportView cancel(UUID id) {
    var found = seen(id);
    access.requireWriter(Thing.project(found.project()));
    var _ = jobs.cancel(found.job());
    return found;
  }

  private ImportView seen(UUID id) {
    var found = imports.find(id).orElseThrow(() -> RegistryException.notFound("import", id));
    requireReader(found.project());
    return found;
  }

  /**
   * Imports tell of runs that may be private, whatever the project is: they are for those who have
   * a role in the project, or may write what everybody may.
   */
  private void requireReader(String project) {
    if (!access.mayRead(project, true)) {
      access.requireWriter(Thing.project(project));
    }
  }
}
