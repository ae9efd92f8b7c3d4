/** Processes of this machine, their files and ports. */
package io.moorage.cli.process;
