package io.moorage.bench;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How each store is spoken to. */
enum Target {
    /** The URL ends with /files/. */
    MOORAGE,
    /** WebDAV PUT and static GET. */
    NGINX,
    /** The filer. */
    SEAWEEDFS {
        @Override
        HttpRequest list(String url, String prefix) {
            return HttpRequest.newBuilder(URI.create(url + prefix + "?limit=1000"))
                    .header("Accept", "application/json")
                    .build();
        }
    },
    /** The JSON gateway. */
    ETCD {
        @Override
        HttpRequest put(String url, String key, byte[] body) {
            return post(
                    url + "/v3/kv/put",
                    "{\"key\":\"" + base64(key.getBytes(StandardCharsets.UTF_8)) + "\",\"value\":\"" + base64(body)
                            + "\"}");
        }

        @Override
        HttpRequest get(String url, String key) {
            return post(url + "/v3/kv/range", "{\"key\":\"" + base64(key.getBytes(StandardCharsets.UTF_8)) + "\"}");
        }
    };

    HttpRequest put(String url, String key, byte[] body) {
        return HttpRequest.newBuilder(URI.create(url + key))
                .PUT(Bodies.of(body))
                .build();
    }

    HttpRequest get(String url, String key) {
        return HttpRequest.newBuilder(URI.create(url + key)).build();
    }

    HttpRequest list(String url, String prefix) {
        return HttpRequest.newBuilder(URI.create(url + prefix)).build();
    }

    private static HttpRequest post(String url, String json) {
        return HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
