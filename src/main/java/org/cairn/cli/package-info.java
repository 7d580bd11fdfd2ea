/**
 * The command line: a client of the public HTTP API and of nothing else. It runs without the
 * service's framework, so that it starts at once; ArchitectureTest keeps it that way.
 */
@NullMarked
package org.cairn.cli;

import org.jspecify.annotations.NullMarked;
