package io.moorage.cli.rest;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;

/** Takes the body of a good answer. @param <T> what it makes of it */
@FunctionalInterface
public interface BodyReader<T> {
    BodySubscriber<T> read(ResponseInfo answer, Activity activity);
}
