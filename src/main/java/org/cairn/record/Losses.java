package org.cairn.record;

/** Hears what could not be brought back into the catalogue, and why. */
@FunctionalInterface
public interface Losses {

  void lost(String what, String reason);
}
