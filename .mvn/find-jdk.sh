# Sourced by mvnw and by the cairn launcher: sets JAVA_HOME to a JDK 25, or says in one sentence what to install.
# Order: JAVA_HOME, the java on the path, then the platform's usual folders (Debian and Fedora, SDKMAN, asdf, mise,
# Homebrew, macOS). CAIRN_JVM_FOLDERS replaces those folders; only tests need that.

cairn_is_jdk25() {
  [ -x "$1/bin/java" ] || return 1
  # The release file answers in a millisecond; starting a JVM to ask takes a hundred.
  if [ -r "$1/release" ]; then
    grep -Eq '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$1/release" || return 1
  else
    "$1/bin/java" -version 2>&1 | grep -Eq 'version "(2[5-9]|[3-9][0-9])' || return 1
  fi
  [ "${CAIRN_NEEDS_JAVAC:-}" = "" ] || [ -x "$1/bin/javac" ]
}

cairn_find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && cairn_is_jdk25 "$JAVA_HOME"; then
    return 0
  fi
  cairn_java=$(command -v java 2>/dev/null || true)
  if [ -n "$cairn_java" ]; then
    cairn_java=$(readlink -f "$cairn_java" 2>/dev/null || printf %s "$cairn_java")
    cairn_home=${cairn_java%/bin/java}
    if cairn_is_jdk25 "$cairn_home"; then
      JAVA_HOME=$cairn_home
      export JAVA_HOME
      return 0
    fi
  fi
  cairn_had_noglob=no
  case $- in *f*) cairn_had_noglob=yes ;; esac
  set +f
  cairn_found=
  for cairn_home in ${CAIRN_JVM_FOLDERS:-/usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    "${HOME:-/nonexistent}"/.asdf/installs/java/* "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home}; do
    if cairn_is_jdk25 "$cairn_home"; then
      cairn_found=$cairn_home
      break
    fi
  done
  [ "$cairn_had_noglob" = no ] || set -f
  if [ -z "$cairn_found" ]; then
    echo "Cairn needs a JDK 25 or newer: install one (for instance Eclipse Temurin 25) and set JAVA_HOME to it." >&2
    return 1
  fi
  JAVA_HOME=$cairn_found
  export JAVA_HOME
}
