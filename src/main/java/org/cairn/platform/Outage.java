package org.cairn.platform;

/**
 * Implemented by failures of something this service depends on. Where one is {@link #retryable},
 * clients are told to try again; otherwise it is a fault of this service like any other.
 */
public interface Outage {

  /** Whether the same request may work later. */
  boolean retryable();

  /** Whether it is for want of room, which somebody has to make. */
  boolean full();
}
