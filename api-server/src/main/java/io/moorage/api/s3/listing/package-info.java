/** Lists of objects and of versions. */
package io.moorage.api.s3.listing;
