/** Listings and files of public releases, read as they are: into the catalogue, with findings. */
@NullMarked
package org.cairn.importer;

import org.jspecify.annotations.NullMarked;
