package org.cairn.project;

import jakarta.data.Limit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
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
import org.jspecify.annotations.Nullable;

/** The rules of projects. */
@ApplicationScoped
public class ProjectService {

  private final ProjectRepository projects;
  private final ProjectQueries queries;
  private final Access access;
  private final Idempotency idempotency;
  private final Clock clock;

  ProjectService(
      ProjectRepository projects,
      ProjectQueries queries,
      Access access,
      Idempotency idempotency,
      Clock clock) {
    this.projects = projects;
    this.queries = queries;
    this.access = access;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  /** The id of a project by its name, whose case does not matter. */
  public UUID idOf(String project) {
    return byName(project).id();
  }

  /** A project by its name, whose case does not matter, with the name as it is spelt. */
  public ProjectRef ref(String project) {
    var found = byName(project);
    return new ProjectRef(found.id(), found.view().name());
  }

  /** Registers a project of which nothing is known but its name, unless it is there. */
  @Transactional
  public void ensure(String name) {
    if (!Names.isSlug(name)) {
      throw RegistryException.invalid("name", Names.SLUG_MESSAGE);
    }
    if (queries.byName(name).isEmpty()) {
      create(new CreateProjectRequest(name, null, null, null, null), null);
    }
  }

  @Transactional
  ProjectView create(CreateProjectRequest request, @Nullable String key) {
    access.requireWriter(request.name());
    if (Boolean.TRUE.equals(request.isPrivate())) {
      access.requireToHide(request.name());
    }
    if (Names.isReservedProject(request.name())) {
      throw RegistryException.invalid("name", "is reserved, because it is part of an address");
    }
    var metadata = Metadata.check("metadata", request.metadata());
    return idempotency.once(
        "createProject",
        key,
        request,
        ProjectView.class,
        () -> {
          var project = new Project(UUID.randomUUID(), request, metadata, clock.instant());
          projects.persistAndFlush(project); // a taken name fails here, as project_name_unique
          return project.view();
        });
  }

  @Transactional
  Versioned<ProjectView> patch(String name, ProjectPatch patch, @Nullable String ifMatch) {
    var project = Names.isSlug(name) ? projects.byName(name).orElse(null) : null;
    if (project == null) {
      throw RegistryException.notFound("project", name);
    }
    if (Boolean.TRUE.equals(patch.isPrivate())) {
      access.requireToHide(name);
    }
    EntityTags.require(ifMatch, project.version());
    var metadata = patch.metadata() == null ? null : Metadata.check("metadata", patch.metadata());
    project.describe(patch, metadata, clock.instant());
    projects.flush();
    return new Versioned<>(project.view(), project.version());
  }

  public Versioned<ProjectView> get(String name) {
    var project = byName(name);
    return new Versioned<>(project.view(), project.version());
  }

  PageView<ProjectView> list(@Nullable String pageToken, int size) {
    var from = PageToken.newest(pageToken);
    var scope = access.scope();
    var rows =
        queries.newestBefore(
            scope.all(), scope.projects(), from.createdAt(), from.id(), Limit.of(size + 1));
    return PageView.of(
        rows, size, Project::view, project -> PageToken.of(project.createdAt(), project.id()));
  }

  private Project byName(String name) {
    // What is no name is nowhere, and PostgreSQL need not be asked about it.
    return (Names.isSlug(name) ? queries.byName(name) : java.util.Optional.<Project>empty())
        .orElseThrow(() -> RegistryException.notFound("project", name));
  }
}
