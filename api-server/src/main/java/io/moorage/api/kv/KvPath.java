package io.moorage.api.kv;

import io.javalin.http.Context;
import io.moorage.api.http.EntryPath;
import io.moorage.api.http.Problem;

/** The volume and what is behind it in a request's raw path: a key may hold what a server's own decoding would spoil. */
record KvPath(String volume, String key) {

    /** @param root the first segment, such as "kv" */
    static KvPath of(Context context, String root) {
        String rest = context.req().getRequestURI().substring(root.length() + 2);
        int slash = rest.indexOf('/');
        return slash < 0
                ? new KvPath(EntryPath.decode(rest), "")
                : new KvPath(EntryPath.decode(rest.substring(0, slash)), EntryPath.decode(rest.substring(slash + 1)));
    }

    /** @throws Problem 400 if there is none */
    String requireKey() {
        if (key.isEmpty()) {
            throw Problem.invalid("the path names no key; put it after /kv/" + volume + "/");
        }
        return key;
    }
}
