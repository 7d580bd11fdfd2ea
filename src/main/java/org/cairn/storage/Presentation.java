package org.cairn.storage;

/**
 * How a presigned download describes itself, whatever the object was stored with.
 *
 * @param contentDisposition the whole header value
 */
public record Presentation(String contentType, String contentDisposition) {}
