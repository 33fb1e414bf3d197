package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.util.List;
import java.util.Optional;

/** Whom a route lets in. Who is not known gets 401, who is known and not let in 403. */
@Doc("Whom a route lets in: who is not known gets 401, who is known and not let in 403.")
public record Admission(
        @Doc("What is asked for; everything that gateway.callers has when absent.") List<Way> by,
        @Default("false") @Doc("Let in who shows nothing, too; what is wrong is refused all the same.") boolean optional,
        @Written(Form.LABEL) @Doc("Names of callers; any when absent.") List<String> names,
        @Doc("What must hold for a token's claims or a key's labels, all of it.") List<Rule> claims,
        @Default("false") @Doc("Let the service see the key, token or password as well.") boolean forward) {

    public Admission {
        by = List.copyOf(by);
        names = List.copyOf(names);
        claims = List.copyOf(claims);
    }

    /** How a caller shows who it is. */
    public enum Way {
        @Doc("An API key.")
        KEY,
        @Doc("A signed token.")
        TOKEN,
        @Doc("A user's name and password.")
        PASSWORD
    }

    @Doc("What must hold for a claim.")
    @ExactlyOne({"is", "contains"})
    public record Rule(
            @Written(Form.LABEL) @Doc("The claim.") String claim,
            @Written(Form.LABEL) @Doc("It is this text, number or truth value, or a list of this alone.") Optional<String> is,
            @Written(Form.LABEL) @Doc("It is a list with this, or a text with this between blanks, as 'scope' is.") Optional<String> contains) {}
}
