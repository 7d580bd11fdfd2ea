package org.cairn.dataset;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

@ApplicationScoped
class DatasetRepository implements PanacheRepositoryBase<Dataset, UUID> {}
