package io.moorage.cli.rest;

import java.net.http.HttpHeaders;

/** A good answer. @param <T> what its body became */
public record Answer<T>(int status, HttpHeaders headers, T body) {
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
