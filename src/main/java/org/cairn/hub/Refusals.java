package org.cairn.hub;

import java.util.function.Supplier;
import org.cairn.api.RegistryException;

/** What the services refuse, as clients of the Hub that write are told. */
final class Refusals {

  private Refusals() {}

  static <T> T translated(Supplier<T> call) {
    try {
      return call.get();
    } catch (RegistryException e) {
      throw translated(e);
    }
  }

  private static RuntimeException translated(RegistryException e) {
    var message = String.valueOf(e.getMessage());
    return switch (e.type()) {
      // Of a conflict, clients conclude that what they want is there.
      case SEALED -> new HubException(403, message);
      case PRECONDITION_FAILED -> HubException.staleParent();
      default -> e;
    };
  }
}
