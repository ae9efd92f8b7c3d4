/** Takes requests, finds out who sent them and what they ask for, and sends them to whoever carries that out. */
package io.moorage.api.s3.endpoint;
