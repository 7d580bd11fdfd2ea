package org.cairn.api;

import org.jboss.resteasy.reactive.RestResponse;

/** What a client sees of something mutable, with the version that its entity tag is made of. */
public record Versioned<T>(T view, long version) {

  /** 200 with the entity tag. */
  public RestResponse<T> response() {
    return RestResponse.ResponseBuilder.ok(view).header("ETag", EntityTags.of(version)).build();
  }
}
