/** The object store over the S3 protocol: the only code that knows the MinIO client and OkHttp. */
@NullMarked
package org.cairn.storage.s3;

import org.jspecify.annotations.NullMarked;
