package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.api.Faults;
import org.cairn.api.ProblemType;
import org.cairn.checkpoint.RunRemovalService;
import org.cairn.dataset.DatasetService;
import org.cairn.project.ProjectService;
import org.cairn.run.RunService;

/** Makes repositories and takes them away. */
@ApplicationScoped
class RepositoryAdmin {

  private final ProjectService projects;
  private final RunService runs;
  private final DatasetService datasets;
  private final RunRemovalService removal;
  private final Repositories repositories;

  RepositoryAdmin(
      ProjectService projects,
      RunService runs,
      DatasetService datasets,
      RunRemovalService removal,
      Repositories repositories) {
    this.projects = projects;
    this.runs = runs;
    this.datasets = datasets;
    this.removal = removal;
    this.repositories = repositories;
  }

  record Name(String project, String name) {}

  /** Makes a repository, and the project that it is in; answers whether it was not there. */
  boolean create(RepositoryKind kind, Name name, boolean hidden) {
    if (repositories.exists(kind, name.project(), name.name())) {
      return false;
    }
    try {
      projects.ensure(name.project());
      switch (kind) {
        case MODEL -> runs.create(name.project(), name.name(), hidden);
        case DATASET -> datasets.create(name.project(), name.name(), hidden);
      }
      return true;
    } catch (RuntimeException e) {
      var problem = Faults.problem(e);
      // Somebody else was faster.
      if (problem.type() == ProblemType.CONFLICT
          && repositories.exists(kind, name.project(), name.name())) {
        return false;
      }
      throw problem;
    }
  }

  /** Hides a repository from who has no role in its project, or shows it to everybody. */
  void hide(HubRepo repository, boolean hidden) {
    var card = repository.card();
    switch (repository.kind()) {
      case MODEL -> runs.hide(card.project(), card.name(), hidden);
      case DATASET -> datasets.hide(card.project(), card.name(), hidden);
    }
  }

  void delete(HubRepo repository) {
    Refusals.translated(() -> {
      switch (repository.kind()) {
        case MODEL -> removal.remove(repository.memberId());
        case DATASET -> datasets.remove(repository.memberId());
      }
      return "";
    });
  }
}
