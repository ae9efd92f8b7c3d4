/** Object lock: retention and legal hold, as requests and buckets have them. */
package io.moorage.api.s3.lock;
