package io.moorage.api.s3.xml;

import io.moorage.api.s3.cors.CorsConfiguration;
import io.moorage.api.s3.cors.CorsRule;
import io.moorage.api.s3.errors.S3Exception;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CORSConfiguration. */
public final class CorsDocument {
    private CorsDocument() {}

    /** @throws S3Exception MalformedXML, InvalidRequest */
    public static CorsConfiguration read(InputStream body) throws IOException {
        return XmlReader.read(body, "CORSConfiguration", xml -> {
            List<CorsRule> rules = new ArrayList<>();
            xml.children(name -> {
                if (!name.equals("CORSRule")) {
                    throw XmlReader.unknown(name);
                }
                rules.add(rule(xml));
            });
            return new CorsConfiguration(rules);
        });
    }

    private static CorsRule rule(XmlReader xml) {
        String[] id = {null};
        Integer[] maxAge = {null};
        List<String> methods = new ArrayList<>();
        List<String> origins = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        List<String> exposed = new ArrayList<>();
        xml.children(name -> {
            switch (name) {
                case "ID" -> id[0] = xml.text();
                case "AllowedMethod" -> methods.add(xml.text().trim());
                case "AllowedOrigin" -> origins.add(xml.text().trim());
                case "AllowedHeader" -> headers.add(xml.text().trim());
                case "ExposeHeader" -> exposed.add(xml.text().trim());
                case "MaxAgeSeconds" -> maxAge[0] = xml.integer(name);
                default -> throw XmlReader.unknown(name);
            }
        });
        return new CorsRule(
                Optional.ofNullable(id[0]), methods, origins, headers, exposed, Optional.ofNullable(maxAge[0]));
    }

    /** As it is given back. */
    public static XmlDocument of(CorsConfiguration configuration) {
        return xml -> xml.root(
                "CORSConfiguration",
                () -> configuration
                        .rules()
                        .forEach(rule -> xml.element("CORSRule", () -> {
                            xml.optional("ID", rule.id());
                            rule.allowedMethods().forEach(method -> xml.text("AllowedMethod", method));
                            rule.allowedOrigins().forEach(origin -> xml.text("AllowedOrigin", origin));
                            rule.allowedHeaders().forEach(header -> xml.text("AllowedHeader", header));
                            rule.exposeHeaders().forEach(header -> xml.text("ExposeHeader", header));
                            xml.optional("MaxAgeSeconds", rule.maxAgeSeconds());
                        })));
    }
}
