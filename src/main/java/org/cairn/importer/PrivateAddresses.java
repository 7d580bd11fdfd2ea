package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Addresses that mean something on one machine or in one network only: {@code
 * /fsx/pile/20B_tokenizer.json} in the configurations of Pythia.
 */
final class PrivateAddresses {

  private static final int SHOWN = 50;

  /** Without a repeated group: matching one takes a stack as deep as the path. */
  private static final Pattern LOCAL =
      Pattern.compile("(?:file:.*|(?!.*//)~?/[\\w.+-]+/[\\w.+-][\\w.+/-]*|[A-Za-z]:\\\\.+)");

  /** By the registries of IANA; names that end like this are resolved nowhere else. */
  private static final Pattern PRIVATE_HOST =
      Pattern.compile(
          "[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(?:localhost|[^/:]+\\.(?:local|internal|lan|corp)"
              + "|127\\.[0-9.]+|10\\.[0-9.]+|192\\.168\\.[0-9.]+|169\\.254\\.[0-9.]+"
              + "|172\\.(?:1[6-9]|2[0-9]|3[01])\\.[0-9.]+|\\[(?:::1|f[cde][0-9a-f:]+)])(?::[0-9]+)?(?:/.*)?");

  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]{0,20})://");

  private static final Set<String> WEB = Set.of("http", "https", "hf");

  private PrivateAddresses() {}

  static Optional<Fault> check(Listing listing) {
    var found = new TreeMap<String, Set<String>>();
    for (var one : listing.checkpoints()) {
      if (one.address() != null && isPrivate(one.address())) {
        found.computeIfAbsent(one.address(), key -> new TreeSet<>()).add("line " + one.line());
      }
    }
    return told(Fault.of("private-address", listing), found);
  }

  static Optional<Fault> check(TrainingSettings settings) {
    var found = new TreeMap<String, Set<String>>();
    settings.values().forEach((key, value) -> collect(key, value, found));
    var evidence = JsonNodeFactory.instance.objectNode();
    return told(
        new Fault(
            "private-address",
            "configuration " + settings.name(),
            evidence.put("file", settings.name())),
        found);
  }

  private static void collect(String key, JsonNode value, Map<String, Set<String>> found) {
    if (value.isContainerNode()) {
      value.forEach(element -> collect(key, element, found));
    } else if (value.isTextual() && isPrivate(value.asText())) {
      found.computeIfAbsent(value.asText(), address -> new TreeSet<>()).add(key);
    }
  }

  private static Optional<Fault> told(Fault fault, Map<String, Set<String>> found) {
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode evidence = fault.evidence().put("addresses", found.size());
    var shown = evidence.putArray("shown");
    found.entrySet().stream()
        .limit(SHOWN)
        .forEach(one -> {
          var where = shown.addObject().put("address", one.getKey()).putArray("where");
          one.getValue().stream().limit(SHOWN).forEach(where::add);
        });
    return Optional.of(fault);
  }

  /** Why nobody else can get what an address names; empty where somebody may. */
  static Optional<String> reason(String address) {
    var scheme = SCHEME.matcher(address);
    return isPrivate(address)
        ? Optional.of("it means something on one machine or in one network only")
        : scheme.find() && !WEB.contains(scheme.group(1).toLowerCase(Locale.ROOT))
            ? Optional.of("its scheme, " + scheme.group(1) + ", is none of the web")
            : Optional.empty();
  }

  /** Whether an address is of a machine or a private network. */
  static boolean isPrivate(String address) {
    return LOCAL.matcher(address).matches()
        || PRIVATE_HOST.matcher(address.toLowerCase(Locale.ROOT)).matches();
  }
}
