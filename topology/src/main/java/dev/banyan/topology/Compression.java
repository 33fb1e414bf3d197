package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.util.List;

/** Answers are compressed on their way to clients that take it. */
@Doc("Answers are compressed on their way to clients that take it; 'compression: {}' is enough.")
public record Compression(
        @Doc("The ways of compressing, the one to prefer first where a client likes several equally; all that this machine has when absent.") List<Coding> codings,
        @Written(Form.MEDIA_TYPE) @Doc("The types of answers that are compressed, as text/html or text/*; those of text, scripts, JSON, XML, SVG and WebAssembly when absent.") List<String> types,
        @Range(from = "0B", to = "1GiB") @Default("1KiB") @Doc("The smallest answer that is compressed; one of unknown size is.") ByteSize from) {

    public Compression {
        codings = List.copyOf(codings);
        types = List.copyOf(types);
    }

    /** Ways of compressing. */
    public enum Coding {
        @Doc("Brotli (RFC 7932): the smallest for text.")
        BR,
        @Doc("Zstandard (RFC 8878): the fastest.")
        ZSTD,
        @Doc("gzip (RFC 1952): every client takes it.")
        GZIP
    }
}
