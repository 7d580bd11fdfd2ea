package org.cairn.storage.s3;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the beans of this package. */
final class S3Producer {

  @Produces
  @Singleton
  S3Clients clients(S3Config config) {
    return S3Clients.of(config);
  }

  void close(@Disposes S3Clients clients) {
    clients.close();
  }

  @Produces
  @Singleton
  S3ObjectStore store(S3Clients clients) {
    return new S3ObjectStore(clients);
  }
}
