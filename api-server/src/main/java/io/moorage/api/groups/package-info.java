/** Groups and their members, as they are and by hand: for emergencies. */
package io.moorage.api.groups;
