/** What bucket policies and POST policies allow. Both are refused when they say something that would not be kept. */
package io.moorage.api.s3.policy;
