package org.cairn.project;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class ProjectRepository implements PanacheRepositoryBase<Project, UUID> {

  Optional<Project> byName(String name) {
    return find("lower(name) = lower(?1)", name).firstResultOptional();
  }
}
