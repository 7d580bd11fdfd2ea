package org.cairn.run;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Objects;
import java.util.UUID;

@ApplicationScoped
class RunRepository implements PanacheRepositoryBase<Run, UUID> {

  /** The run, with what hangs on it held still until the end of the transaction. */
  Run lock(UUID id) {
    return Objects.requireNonNull(findById(id, LockModeType.PESSIMISTIC_WRITE));
  }
}
