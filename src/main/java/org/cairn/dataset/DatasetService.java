package org.cairn.dataset;

import jakarta.data.Limit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.cairn.access.Access;
import org.cairn.api.EntityTags;
import org.cairn.api.Idempotency;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.platform.Names;
import org.cairn.project.ProjectRef;
import org.cairn.project.ProjectService;
import org.jspecify.annotations.Nullable;

/** The rules of datasets. */
@ApplicationScoped
public class DatasetService {

  private final DatasetRepository datasets;
  private final DatasetQueries queries;
  private final ProjectService projects;
  private final Access access;
  private final Idempotency idempotency;
  private final Clock clock;

  DatasetService(
      DatasetRepository datasets,
      DatasetQueries queries,
      ProjectService projects,
      Access access,
      Idempotency idempotency,
      Clock clock) {
    this.datasets = datasets;
    this.queries = queries;
    this.projects = projects;
    this.access = access;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  @Transactional
  DatasetView create(String project, CreateDatasetRequest request, @Nullable String key) {
    var owner = projects.ref(project);
    if (Boolean.TRUE.equals(request.isPrivate())) {
      access.requireToHide(project);
    }
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

  /** Registers a dataset of which nothing is known but its name. */
  @Transactional
  public void create(String project, String name, boolean hidden) {
    if (!Names.isSlug(name)) {
      throw RegistryException.invalid("name", Names.SLUG_MESSAGE);
    }
    create(project, new CreateDatasetRequest(name, null, null, null, hidden, null), null);
  }

  /** Hides a dataset from who has no role in its project, or shows it to everybody. */
  @Transactional
  public void hide(String project, String name, boolean hidden) {
    if (hidden) {
      access.requireToHide(project);
    }
    byName(projects.ref(project), name).hide(hidden, clock.instant());
  }

  /** Takes away a dataset that has no version. */
  @Transactional
  public void remove(UUID id) {
    if (datasets.hasVersions(id)) {
      throw RegistryException.conflict("The dataset has versions, and these are for ever");
    }
    datasets.deleteById(id);
  }

  Versioned<DatasetView> get(String project, String name) {
    var owner = projects.ref(project);
    var dataset = byName(owner, name);
    return new Versioned<>(dataset.view(owner.name()), dataset.version());
  }

  PageView<DatasetView> list(String project, @Nullable String pageToken, int size) {
    var owner = projects.ref(project);
    var from = PageToken.newest(pageToken);
    var rows =
        queries.newestBefore(
            owner.id(),
            access.scope().sees(owner.name(), true),
            from.createdAt(),
            from.id(),
            Limit.of(size + 1));
    return PageView.of(
        rows,
        size,
        dataset -> dataset.view(owner.name()),
        dataset -> PageToken.of(dataset.createdAt(), dataset.id()));
  }

  @Transactional
  Versioned<DatasetView> patch(
      String project, String name, DatasetPatch patch, @Nullable String ifMatch) {
    var owner = projects.ref(project);
    var dataset = byName(owner, name);
    if (Boolean.TRUE.equals(patch.isPrivate())) {
      access.requireToHide(project);
    }
    EntityTags.require(ifMatch, dataset.version());
    Metadata.check("metadata", patch.metadata());
    dataset.describe(patch, clock.instant());
    datasets.flush();
    return new Versioned<>(dataset.view(owner.name()), dataset.version());
  }

  /** The dataset that a version belongs to. */
  DatasetRef ref(String project, String name) {
    var owner = projects.ref(project);
    var dataset = byName(owner, name);
    return new DatasetRef(dataset.id(), owner.name(), dataset.name());
  }

  private Dataset byName(ProjectRef owner, String name) {
    return Optional.of(name)
        .filter(Names::isSlug)
        .flatMap(slug -> datasets.byName(owner.id(), slug))
        .orElseThrow(() -> RegistryException.notFound("dataset", owner.name() + "/" + name));
  }
}
