/**
 * The bulk bytes of one replica: append-only files of extents.
 *
 * <p>An extent is a run of up to 4 MiB that never changes, under a 128-bit id that its writer drew at random. A volume's
 * extents are in its own directory, {@code volumes/<volume id in hex>/<number>.ext}; a RocksDB index says where each one is.
 * The index has no log of its own: files that were not sealed are read again at start, by hopping from header to header.
 *
 * <table>
 * <caption>An extent in a file, from a multiple of 4096 on; numbers are big-endian</caption>
 * <tr><th>part</th><th>bytes</th><th>content</th></tr>
 * <tr><td>header</td><td>64</td><td>magic "MEX1", capacity (int), volume id, extent id (2 longs), time of creation in ms,
 *     zeros, CRC32C of the 60 bytes before it; then nothing up to byte 4096</td></tr>
 * <tr><td>data</td><td>capacity</td><td>the bytes; what was reserved and not used stays a hole</td></tr>
 * <tr><td>table</td><td>4 per block</td><td>CRC32C of each 64 KiB block that the capacity could hold</td></tr>
 * <tr><td>footer</td><td>20</td><td>magic "MEXF", length (int), CRC32C of the data, CRC32C of the table, CRC32C of the 16
 *     bytes before it</td></tr>
 * </table>
 *
 * <p>Space is reserved, and the header written, in the order of the file. A sync of any later extent therefore makes all
 * earlier headers durable, and the walk can hop over extents that were never finished. An extent exists when its footer does.
 *
 * <p>Data and footers are written past the page cache where the file system can do that ({@link DirectWrites}); headers are
 * not, and have a page of their own, which makes that safe. A file that is being written to is longer than what it holds: writes
 * that make a file longer wait for each other.
 */
package io.moorage.node.extent;
