package org.cairn.dataset;

import jakarta.data.Limit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.UUID;
import org.cairn.api.Idempotency;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.platform.Names;
import org.cairn.project.ProjectService;
import org.jspecify.annotations.Nullable;

/** The rules of datasets. */
@ApplicationScoped
class DatasetService {

  private final DatasetRepository datasets;
  private final DatasetQueries queries;
  private final ProjectService projects;
  private final Idempotency idempotency;
  private final Clock clock;

  DatasetService(
      DatasetRepository datasets,
      DatasetQueries queries,
      ProjectService projects,
      Idempotency idempotency,
      Clock clock) {
    this.datasets = datasets;
    this.queries = queries;
    this.projects = projects;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  /** A dataset and the names it is known by. */
  record DatasetRef(UUID id, String project, String name) {}

  DatasetRef ref(String project, String name) {
    var owner = projects.ref(project);
    var found = byName(owner.id(), owner.name(), name);
    return new DatasetRef(found.id(), owner.name(), found.name());
  }

  @Transactional
  DatasetView create(String project, CreateDatasetRequest request, @Nullable String key) {
    var owner = projects.ref(project);
    var metadata = Metadata.check("metadata", request.metadata());
    return idempotency.once(
        "createDataset " + owner.id(),
        key,
        request,
        DatasetView.class,
        () -> {
          var dataset =
              new Dataset(UUID.randomUUID(), owner.id(), request, metadata, clock.instant());
          datasets.persistAndFlush(dataset); // a taken name fails here, as dataset_name_unique
          return dataset.view(owner.name());
        });
  }

  Versioned<DatasetView> get(String project, String name) {
    var owner = projects.ref(project);
    var dataset = byName(owner.id(), owner.name(), name);
    return new Versioned<>(dataset.view(owner.name()), dataset.version());
  }

  PageView<DatasetView> list(String project, @Nullable String pageToken, int size) {
    var owner = projects.ref(project);
    var from = PageToken.newest(pageToken);
    var rows = queries.newestBefore(owner.id(), from.createdAt(), from.id(), Limit.of(size + 1));
    return PageView.of(
        rows, size, d -> d.view(owner.name()), d -> PageToken.of(d.createdAt(), d.id()));
  }

  private Dataset byName(UUID projectId, String project, String name) {
    // What is no slug names nothing, and PostgreSQL need not be asked about it.
    return (Names.isSlug(name)
            ? queries.byName(projectId, name)
            : java.util.Optional.<Dataset>empty())
        .orElseThrow(() -> RegistryException.notFound("dataset", project + "/" + name));
  }
}
