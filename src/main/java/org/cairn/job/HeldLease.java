package org.cairn.job;

import java.util.UUID;

/**
 * The lease under which some replica runs a job.
 *
 * @param lease names this very lease
 * @param until when it ends, as the database writes it: renewed, it is another text
 * @param ended whether that has passed, by the database's clock
 */
record HeldLease(UUID job, String lease, String until, boolean ended) {

  boolean isSame(HeldLease other) {
    return lease.equals(other.lease) && until.equals(other.until);
  }
}
