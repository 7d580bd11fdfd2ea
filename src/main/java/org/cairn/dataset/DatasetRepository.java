package org.cairn.dataset;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class DatasetRepository implements PanacheRepositoryBase<Dataset, UUID> {

  Optional<Dataset> byName(UUID projectId, String name) {
    return find("projectId = ?1 and lower(name) = lower(?2)", projectId, name)
        .firstResultOptional();
  }

  boolean hasVersions(UUID id) {
    return getEntityManager()
            .createQuery("select count(*) from DatasetVersion where datasetId = :id", Long.class)
            .setParameter("id", id)
            .getSingleResult()
        > 0;
  }
}
