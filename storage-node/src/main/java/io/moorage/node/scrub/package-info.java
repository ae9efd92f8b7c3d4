/** Reading everything on a node's disk now and then, so that what nobody reads does not go bad unseen. */
package io.moorage.node.scrub;
