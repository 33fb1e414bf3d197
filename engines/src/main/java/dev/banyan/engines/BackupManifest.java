package dev.banyan.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A base backup's list of its files with their sizes and checksums (PostgreSQL's manual, chapter 74), one a line as PostgreSQL writes it. The
 * log's segments are not in it: the log has its own checksums.
 */
final class BackupManifest {
    private static final String LOG_FOLDER = "pg_wal/";
    private static final Pattern FILE = Pattern.compile("\\{ \"(Path|Encoded-Path)\": \"([^\"]*)\", \"Size\": (\\d{1,18}), .*\"Checksum-Algorithm\": \"CRC32C\","
            + " \"Checksum\": \"([0-9a-f]{8})\" \\},?");

    private BackupManifest() {}

    /** Reads it to its end and compares; throws when a file is missing, too many, or not as it was sent. */
    static void check(InputStream manifest, Map<String, BackupFolder.Unpacked> unpacked) throws IOException {
        Set<String> listed = new HashSet<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(manifest, StandardCharsets.UTF_8));
        String last = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher file = FILE.matcher(line);
            if (file.matches()) {
                String path = path(file);
                check(path, Long.parseLong(file.group(3)), file.group(4), unpacked.get(path));
                listed.add(path);
            }
            last = line;
        }
        if (!last.contains("\"Manifest-Checksum\"")) {
            throw new IOException("the backup's manifest is cut short");
        }
        for (String path : unpacked.keySet()) {
            if (!path.startsWith(LOG_FOLDER) && !listed.contains(path)) {
                throw new IOException("the backup holds " + path + ", which is not in its manifest");
            }
        }
    }

    /** A name that is no UTF-8 is given in hexadecimal. */
    private static String path(Matcher file) {
        return file.group(1).equals("Path") ? file.group(2) : new String(HexFormat.of().parseHex(file.group(2)), StandardCharsets.UTF_8);
    }

    private static void check(String path, long bytes, String checksum, BackupFolder.Unpacked found) throws IOException {
        if (found == null) {
            throw new IOException("the backup lacks " + path + ", which is in its manifest");
        }
        // The four bytes as they lie in the memory of the machines that PostgreSQL is built for here: lowest first.
        String ours = HexFormat.of().toHexDigits(Integer.reverseBytes(found.checksum()));
        if (found.bytes() != bytes || !ours.equals(checksum)) {
            throw new IOException("the backup's " + path + " has " + found.bytes() + " bytes with checksum " + ours + " and not " + bytes + " with " + checksum
                    + " as its manifest says: memory, disk or network of this machine may be failing");
        }
    }
}
