package dev.banyan.topology;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** In which form a key's text is written, where its Java type does not say. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Written {
    Form value();

    /** The forms of text. */
    enum Form {
        /** An address to listen at; a port alone is all interfaces. */
        LISTEN,
        /** An address to listen at; a port alone is 127.0.0.1. */
        LOCAL_LISTEN,
        HTTP_URL,
        POSTGRESQL_URL,
        /** A path of a URL, from its slash on. */
        URL_PATH,
        /** Addresses as 10.0.0.0/8; one address alone is itself. */
        CIDR,
        /** What one of the site file's own things is called. */
        NAME,
        /** A host's name, or all below one. */
        HOST_PATTERN,
        COOKIE_NAME,
        /** A media type as text/html, or all of a kind as text/*. */
        MEDIA_TYPE,
        /** A parameter of a URL's query, or how several begin. */
        PARAMETER,
        /** The name of a parameter in a query. */
        QUERY_NAME,
        /** 64 hexadecimal digits. */
        SHA256,
        /** A line of text: a name, a claim, what one of them says. */
        LABEL,
        /** A signature algorithm by its name in RFC 7518 and RFC 8037. */
        SIGNATURE,
        /** Where keys are fetched: https, or http on this machine. */
        KEYS_URL,
        /** Where a collector takes what is sent to it: http or https. */
        COLLECTOR_URL,
        /** A function of SQL with or without its schema, names as SQL writes them. */
        SQL_FUNCTION,
        /** A table with or without its schema, names as SQL writes them. */
        SQL_TABLE,
        /** A column's name as SQL writes it. */
        SQL_COLUMN,
        /** One statement of SQL. */
        SQL_STATEMENT,
        REDIS_URL,
        /** How keys of the cache begin. */
        KEY_PREFIX,
        /** Any text, as it is written. */
        TEXT,
        /** A method of HTTP. */
        METHOD,
        /** A header field's name. */
        FIELD_NAME,
        /** A header field's value. */
        FIELD_VALUE,
        /** A header field's value with places to fill in. */
        FIELD_TEMPLATE,
        /** A URL, or a path of one, with places to fill in. */
        LOCATION,
        /** A path of a URL with places to fill in. */
        PATH_TEMPLATE,
        /** A regular expression in RE2's grammar. */
        REGEX,
        /** Where a page comes from: scheme, host, port (RFC 6454). */
        ORIGIN,
        /** The name of a file, without a folder. */
        FILE_NAME
    }
}
