package org.cairn.artifact;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import org.cairn.storage.ObjectStore;

/** A store of which one operation goes wrong. */
final class FaultyStore {

  /** What happens instead; may make the real call. */
  interface Fault {
    Object happen(Object[] arguments, Callable<Object> call) throws Exception;
  }

  private FaultyStore() {}

  static ObjectStore of(ObjectStore real, String operation, Fault fault) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            FaultyStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              Callable<Object> call =
                  () -> {
                    try {
                      return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                  };
              return method.getName().equals(operation)
                  ? fault.happen(arguments, call)
                  : call.call();
            });
  }
}
