package io.moorage.api.http;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** What is done to the connection below a request. */
public final class Connections {
    private Connections() {}

    /** Breaks it: a reader must not take a cut answer for a whole one. */
    public static void abort(Context context) {
        ServletContextRequest request = ServletContextRequest.getServletContextRequest(context.req());
        if (request != null) {
            request.getConnectionMetaData().getConnection().close();
        }
    }
}
