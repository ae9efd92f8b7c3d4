package io.moorage.api.s3.body;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME (NVM Express NVM command set specification, "64b CRC"): polynomial 0xAD93D23594C93659, reflected, all ones at the
 * beginning and the end. Eight octets at a time by eight tables. Not thread-safe.
 */
final class Crc64Nvme implements Checksum {
    /** The polynomial, reflected. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[][] TABLES = tables();

    private long crc = -1L;

    private static long[][] tables() {
        long[][] tables = new long[8][256];
        for (int i = 0; i < 256; i++) {
            long value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
            }
            tables[0][i] = value;
        }
        for (int i = 0; i < 256; i++) {
            for (int table = 1; table < 8; table++) {
                long before = tables[table - 1][i];
                tables[table][i] = before >>> 8 ^ tables[0][(int) before & 0xff];
            }
        }
        return tables;
    }

    @Override
    public void update(int b) {
        crc = crc >>> 8 ^ TABLES[0][(int) (crc ^ b) & 0xff];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
        long value = crc;
        int at = offset;
        int end = offset + length;
        for (; end - at >= 8; at += 8) {
            value ^= (long) LONGS.get(bytes, at);
            value = TABLES[7][(int) value & 0xff]
                    ^ TABLES[6][(int) (value >>> 8) & 0xff]
                    ^ TABLES[5][(int) (value >>> 16) & 0xff]
                    ^ TABLES[4][(int) (value >>> 24) & 0xff]
                    ^ TABLES[3][(int) (value >>> 32) & 0xff]
                    ^ TABLES[2][(int) (value >>> 40) & 0xff]
                    ^ TABLES[1][(int) (value >>> 48) & 0xff]
                    ^ TABLES[0][(int) (value >>> 56)];
        }
        for (; at < end; at++) {
            value = value >>> 8 ^ TABLES[0][(int) (value ^ bytes[at]) & 0xff];
        }
        crc = value;
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = -1L;
    }
}
