/** What every endpoint shares: problems, pages, entity tags, idempotency, the OpenAPI filter. */
@NullMarked
package org.cairn.api;

import org.jspecify.annotations.NullMarked;
