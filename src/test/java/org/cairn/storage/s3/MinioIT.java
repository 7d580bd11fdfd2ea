package org.cairn.storage.s3;

import org.cairn.testsupport.S3Server;

class MinioIT extends S3ServerContract {

  MinioIT() {
    super(S3Server.Make.MINIO);
  }

  /** MinIO lists those of a whole key only; it drops abandoned ones by itself, after a day. */
  @Override
  protected boolean listsUploadsOfFolders() {
    return false;
  }
}
