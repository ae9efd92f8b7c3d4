package io.moorage.api.s3.xml;

import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.lifecycle.LifecycleConfiguration;
import io.moorage.api.s3.lifecycle.LifecycleFilter;
import io.moorage.api.s3.lifecycle.LifecycleFilter.Form;
import io.moorage.api.s3.lifecycle.LifecycleRule;
import io.moorage.api.s3.request.HttpDates;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** LifecycleConfiguration. */
public final class LifecycleDocument {
    private LifecycleDocument() {}

    /**
     * Rules without an ID are named rule-1, rule-2 and so on by their place.
     *
     * @throws S3Exception MalformedXML, InvalidArgument, InvalidRequest, and NotImplemented for transitions
     */
    public static LifecycleConfiguration read(InputStream body) throws IOException {
        return XmlReader.read(body, "LifecycleConfiguration", xml -> {
            List<LifecycleRule> rules = new ArrayList<>();
            xml.children(name -> {
                if (!name.equals("Rule")) {
                    throw XmlReader.unknown(name);
                }
                rules.add(new RuleReader(xml, "rule-" + (rules.size() + 1)).read());
            });
            return new LifecycleConfiguration(rules);
        });
    }

    /** Reads one rule. */
    private static final class RuleReader {
        private final XmlReader xml;
        private String id;
        private String status = "";
        private LifecycleFilter filter;
        private Instant date;
        private boolean markers;
        private final Map<String, Integer> days = new LinkedHashMap<>();

        RuleReader(XmlReader xml, String id) {
            this.xml = xml;
            this.id = id;
        }

        LifecycleRule read() {
            xml.children(name -> {
                switch (name) {
                    case "ID" -> {
                        String given = xml.text();
                        id = given.isEmpty() ? id : given;
                    }
                    case "Status" -> status = xml.text().trim();
                    case "Prefix" ->
                        filter(new LifecycleFilter(
                                xml.text(), Map.of(), Optional.empty(), Optional.empty(), Form.RULE_PREFIX));
                    case "Filter" -> filter(new FilterReader(xml).read());
                    case "Expiration" -> xml.children(this::expiration);
                    case "NoncurrentVersionExpiration" -> numbers("NoncurrentDays", "NewerNoncurrentVersions");
                    case "AbortIncompleteMultipartUpload" -> numbers("DaysAfterInitiation");
                    case "Transition", "NoncurrentVersionTransition" ->
                        throw S3Exception.notImplemented(name + " is not implemented: there is one storage class.");
                    default -> throw XmlReader.unknown(name);
                }
            });
            if (!status.equals("Enabled") && !status.equals("Disabled")) {
                throw XmlReader.malformed("Status '" + status + "' must be Enabled or Disabled");
            }
            if (filter == null) {
                throw XmlReader.malformed("a Rule must have a Filter or a Prefix");
            }
            if (days.containsKey("NewerNoncurrentVersions") && !days.containsKey("NoncurrentDays")) {
                throw XmlReader.malformed("NewerNoncurrentVersions needs NoncurrentDays");
            }
            return new LifecycleRule(
                    id,
                    status.equals("Enabled"),
                    filter,
                    number("Days"),
                    Optional.ofNullable(date),
                    markers,
                    number("NoncurrentDays"),
                    number("NewerNoncurrentVersions"),
                    number("DaysAfterInitiation"));
        }

        private void filter(LifecycleFilter read) {
            if (filter != null) {
                throw XmlReader.malformed("a Rule has a Filter or a Prefix, not both");
            }
            filter = read;
        }

        private void expiration(String name) {
            switch (name) {
                case "Days" -> days.put(name, xml.integer(name));
                case "ExpiredObjectDeleteMarker" -> markers = xml.bool(name);
                case "Date" -> {
                    date = xml.date(name);
                    if (!date.truncatedTo(ChronoUnit.DAYS).equals(date)) {
                        throw S3Exception.invalidArgument(
                                "'Date' must be at midnight GMT", "Date", HttpDates.document(date));
                    }
                }
                default -> throw XmlReader.unknown(name);
            }
        }

        private void numbers(String... names) {
            xml.children(name -> {
                if (!List.of(names).contains(name)) {
                    throw XmlReader.unknown(name);
                }
                days.put(name, xml.integer(name));
            });
        }

        private Optional<Integer> number(String name) {
            return Optional.ofNullable(days.get(name));
        }
    }

    /** Reads one Filter. */
    private static final class FilterReader {
        private final XmlReader xml;
        private String prefix = "";
        private final Map<String, String> tags = new TreeMap<>();
        private Long greater;
        private Long less;
        private Form form = Form.FILTER;
        private int conditions;

        FilterReader(XmlReader xml) {
            this.xml = xml;
        }

        LifecycleFilter read() {
            xml.children(name -> {
                if (name.equals("And")) {
                    form = Form.AND;
                    conditions++;
                    int before = conditions;
                    xml.children(this::condition);
                    conditions = before;
                } else {
                    condition(name);
                }
            });
            if (conditions > 1) {
                throw XmlReader.malformed("a Filter with several conditions has them in And");
            }
            return new LifecycleFilter(prefix, tags, Optional.ofNullable(greater), Optional.ofNullable(less), form);
        }

        private void condition(String name) {
            conditions++;
            switch (name) {
                case "Prefix" -> prefix = xml.text();
                case "ObjectSizeGreaterThan" -> greater = xml.size(name);
                case "ObjectSizeLessThan" -> less = xml.size(name);
                case "Tag" -> {
                    String[] tag = BucketDocuments.readTag(xml);
                    if (tags.put(tag[0], tag[1]) != null) {
                        throw XmlReader.malformed("the Tag '" + tag[0] + "' is there twice");
                    }
                }
                default -> throw XmlReader.unknown(name);
            }
        }
    }

    /** As it is given back: in the form it was written. */
    public static XmlDocument of(LifecycleConfiguration configuration) {
        return xml -> xml.root(
                "LifecycleConfiguration",
                () -> configuration.rules().forEach(rule -> xml.element("Rule", () -> rule(xml, rule))));
    }

    private static void rule(XmlWriter xml, LifecycleRule rule) {
        xml.text("ID", rule.id());
        LifecycleFilter filter = rule.filter();
        switch (filter.form()) {
            case RULE_PREFIX -> xml.text("Prefix", filter.prefix());
            case FILTER -> xml.element("Filter", () -> conditions(xml, filter));
            case AND -> xml.element("Filter", () -> xml.element("And", () -> conditions(xml, filter)));
        }
        xml.text("Status", rule.enabled() ? "Enabled" : "Disabled");
        if (rule.expirationDays().isPresent()
                || rule.expirationDate().isPresent()
                || rule.expiredObjectDeleteMarker()) {
            xml.element("Expiration", () -> {
                xml.optional("Days", rule.expirationDays());
                xml.optional("Date", rule.expirationDate().map(HttpDates::document));
                if (rule.expiredObjectDeleteMarker()) {
                    xml.text("ExpiredObjectDeleteMarker", true);
                }
            });
        }
        if (rule.noncurrentDays().isPresent()) {
            xml.element("NoncurrentVersionExpiration", () -> {
                xml.optional("NoncurrentDays", rule.noncurrentDays());
                xml.optional("NewerNoncurrentVersions", rule.newerNoncurrentVersions());
            });
        }
        rule.abortDays()
                .ifPresent(days ->
                        xml.element("AbortIncompleteMultipartUpload", () -> xml.text("DaysAfterInitiation", days)));
    }

    private static void conditions(XmlWriter xml, LifecycleFilter filter) {
        if (!filter.prefix().isEmpty()
                || filter.tags().isEmpty()
                        && filter.sizeGreaterThan().isEmpty()
                        && filter.sizeLessThan().isEmpty()) {
            xml.text("Prefix", filter.prefix());
        }
        new TreeMap<>(filter.tags())
                .forEach((key, value) -> xml.element("Tag", () -> {
                    xml.text("Key", key);
                    xml.text("Value", value);
                }));
        xml.optional("ObjectSizeGreaterThan", filter.sizeGreaterThan());
        xml.optional("ObjectSizeLessThan", filter.sizeLessThan());
    }
}
