package org.cairn.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Takes no more bytes before the disk is full: the database lies on the same one, and ends where it
 * cannot write its log.
 */
final class RoomyBlobStore extends ForwardingBlobStore {

  /** PostgreSQL's log between two checkpoints, and what a catalogue grows by in a while. */
  static final long RESERVE = 128L << 20;

  private final Path folder;

  RoomyBlobStore(BlobStore store, Path folder) {
    super(store);
    this.folder = folder;
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
    need(request.contentLength());
    return super.putBlob(request, bytes);
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    need(0L);
    return super.initiateMultipartUpload(request);
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream bytes) {
    need(request.contentLength());
    return super.uploadMultipartPart(upload, request, bytes);
  }

  /** Which copies the parts before it deletes them. */
  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    need(listMultipartUpload(upload).stream().mapToLong(part -> part.size()).sum());
    return super.completeMultipartUpload(upload, request);
  }

  private void need(Long bytes) {
    try {
      if (Files.getFileStore(folder).getUsableSpace() - (bytes == null ? 0 : bytes) < RESERVE) {
        throw S3Exception.builder()
            .statusCode(507)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode("InsufficientStorage")
                    .errorMessage("The disk of the data folder is full")
                    .build())
            .message("The disk of the data folder is full")
            .build();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
