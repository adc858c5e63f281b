package dev.terrane.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the database of a store from outside, as another program would. */
final class RowCounts {
    private RowCounts() {}

    static Map<String, Long> of(Path folder) {
        Map<String, Long> counts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:"
                        + files.filter(f -> f.toString().endsWith(".db")
                                        || f.toString().endsWith(".sqlite"))
                                .findFirst()
                                .orElseThrow());
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names = statement.executeQuery("select name from sqlite_master where type = 'table'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                if (!table.contains("audit")) {
                    try (ResultSet count = statement.executeQuery("select count(*) from \"" + table + "\"")) {
                        counts.put(table, count.getLong(1));
                    }
                }
            }
            return counts;
        } catch (SQLException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
