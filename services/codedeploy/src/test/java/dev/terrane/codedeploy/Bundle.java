package dev.terrane.codedeploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A revision's bundle, made for a test. */
final class Bundle {
    private final Map<String, String> files = new LinkedHashMap<>();

    Bundle with(String name, String content) {
        files.put(name, content);
        return this;
    }

    /** A script for a lifecycle event that notes what runs, and an AppSpec that copies the folder app to /srv/app. */
    static Bundle noting(String version) {
        return new Bundle()
                .with("appspec.yml", """
                        version: 0.0
                        os: linux
                        files:
                          - source: app
                            destination: /srv/app
                        permissions:
                          - object: /srv/app
                            pattern: "*.sh"
                            owner: daemon
                            group: daemon
                            mode: 750
                            type:
                              - file
                        hooks:
                          ApplicationStop:
                            - location: note.sh
                          BeforeInstall:
                            - location: note.sh
                              timeout: 60
                          ApplicationStart:
                            - location: note.sh
                          ValidateService:
                            - location: check.sh
                              timeout: 30
                              runas: daemon
                        """)
                .with(
                        "note.sh",
                        "#!/bin/sh\necho \"$LIFECYCLE_EVENT " + version
                                + " $DEPLOYMENT_GROUP_NAME $APPLICATION_NAME\" >> /srv/notes\n")
                .with("check.sh", "#!/bin/sh\necho checked as $(id -un)\nexit 0\n")
                .with("app/version", version)
                .with("app/run.sh", "#!/bin/sh\n")
                .with("app/only-" + version, "");
    }

    byte[] zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
