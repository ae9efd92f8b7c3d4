/** Who has access keys. */
package io.moorage.api.users;
