package io.moorage.api.files;

import io.moorage.api.http.Routes;

/** Files of volumes, at /storage/volumes/{volume}/files/{key}, and those that cannot be read. */
public final class FileRoutes {
    private static final String PATH = "/storage/volumes/{volume}/files/*";
    private static final String ROOT = "/storage/volumes/{volume}/files";

    private FileRoutes() {}

    public static void register(Routes routes, Volumes volumes) {
        FileReads reads = new FileReads(volumes);
        FileWrites writes = new FileWrites(volumes);
        routes.get(ROOT, reads::get)
                .get(PATH, reads::get)
                .head(PATH, reads::head)
                .put(PATH, writes::put)
                .post(PATH, writes::post)
                .delete(ROOT, writes::delete)
                .delete(PATH, writes::delete)
                .get("/storage/volumes/{volume}/unreadable", new UnreadableFiles(volumes)::list);
    }
}
