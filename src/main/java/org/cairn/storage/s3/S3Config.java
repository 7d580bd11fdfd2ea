package org.cairn.storage.s3;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The bucket and how to reach it. */
@ConfigMapping(prefix = "cairn.s3")
interface S3Config {

  /** Address of the store as this service reaches it, such as {@code https://s3.example.org}. */
  URI endpoint();

  /**
   * Address of the store as clients reach it: presigned URLs are signed for it, so a proxy that
   * rewrites the host breaks them. Default: the endpoint.
   */
  Optional<URI> publicEndpoint();

  /** Region of the bucket; part of every signature. */
  @WithDefault("us-east-1")
  String region();

  /** Name of the bucket. */
  @WithDefault("cairn")
  String bucket();

  /** Whether to create the bucket when it is missing. */
  @WithDefault("false")
  boolean createBucket();

  /**
   * Access key. When neither it nor the secret key is given, credentials are looked for as the AWS
   * tools do: environment, web identity token file, container, instance.
   */
  Optional<String> accessKey();

  /** Secret key. */
  Optional<String> secretKey();

  /** Longest wait for a connection. */
  @WithDefault("PT5S")
  Duration connectTimeout();

  /** Longest wait for the next byte of an answer; after it, clients are told to come again. */
  @WithDefault("PT20S")
  Duration readTimeout();

  /**
   * Longest wait for the store to make one object of the parts of an upload, which no client waits
   * for.
   */
  @WithDefault("PT10M")
  Duration assemblyTimeout();

  /** Longest wait until the store takes the next bytes of a request. */
  @WithDefault("PT20S")
  Duration writeTimeout();

  /** Most requests at a time, and most idle connections kept. */
  @WithDefault("64")
  int connections();
}
