/**
 * The server's main class and the zero-configuration mode: a child process with a real PostgreSQL
 * and a real S3 server over one local folder, for who wants to try Cairn or needs it on one
 * machine. Production starts through the same main class and uses nothing else of this package.
 */
@NullMarked
package org.cairn.embedded;

import org.jspecify.annotations.NullMarked;
