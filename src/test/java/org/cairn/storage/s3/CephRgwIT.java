package org.cairn.storage.s3;

import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.testsupport.S3Server;

class CephRgwIT extends S3ServerContract {

  CephRgwIT() {
    super(S3Server.Make.CEPH);
  }

  /** It completes an upload over an object that is there. */
  @Override
  protected boolean completesConditionally() {
    return false;
  }

  /** It says that somebody else is at it; whoever tries again lists the parts first. */
  @Override
  protected Kind completionOfNothing() {
    return Kind.UNAVAILABLE;
  }
}
