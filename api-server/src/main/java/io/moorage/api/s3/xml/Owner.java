package io.moorage.api.s3.xml;

/** @param id canonical id */
public record Owner(String id, String displayName) {
    void write(XmlWriter xml, String element) {
        xml.element(element, () -> {
            xml.text("ID", id);
            xml.text("DisplayName", displayName);
        });
    }
}
