package org.cairn.storage.s3;

import org.cairn.testsupport.S3Server;

class VersitygwIT extends S3ServerContract {

  VersitygwIT() {
    super(S3Server.Make.VERSITYGW);
  }

  /** It lists such a part with the size that was announced; verification finds that out. */
  @Override
  protected boolean noticesTruncatedParts() {
    return false;
  }
}
