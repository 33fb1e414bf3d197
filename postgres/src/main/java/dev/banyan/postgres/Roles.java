package dev.banyan.postgres;

import dev.banyan.postgres.RoleQuestion.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of several servers, managed by somebody else, is the primary, and which are its replicas: from what each said last. Pure.
 *
 * <p>Never the worse of two evils by chance: a server that says it is the primary is believed when it is alone with that on the highest
 * timeline that any primary was ever seen on. (Each promotion starts a timeline of the next number, so a primary that was replaced and comes
 * back is on a lower one.) Two on one timeline, or none, is no primary: statements wait.
 *
 * @param primary none while it is not clear
 * @param timeline the highest a primary was seen on
 * @param why in a sentence, what led to this primary or to none
 */
record Roles(Optional<Member> primary, List<Member> replicas, long timeline, String why) {
    static final Roles UNKNOWN = new Roles(Optional.empty(), List.of(), 0, "no server has answered yet");

    Roles {
        replicas = List.copyOf(replicas);
    }

    /**
     * What is known of one server.
     *
     * @param role what it said last; empty when it never answered
     * @param answers its last answer is recent
     */
    record Claim(Member member, Optional<Role> role, boolean answers) {
        boolean isPrimary() {
            return answers && role.filter(r -> !r.inRecovery()).isPresent();
        }

        private long timeline() {
            return role.map(Role::timeline).orElse(0L);
        }

        private boolean sameServer(Claim other) {
            return role.isPresent() && other.role.isPresent() && role.get().startedMicros() == other.role.get().startedMicros();
        }

        private boolean sameCluster(Claim other) {
            String mine = role.map(Role::system).orElse("");
            String theirs = other.role.map(Role::system).orElse("");
            return mine.isEmpty() || theirs.isEmpty() || mine.equals(theirs);
        }
    }

    /** The roles by these claims, in the order in which the servers are listed, after these. */
    Roles next(List<Claim> claims) {
        List<Claim> primaries = onePerServer(claims);
        long highest = Math.max(timeline, primaries.stream().mapToLong(Claim::timeline).max().orElse(0));
        List<Claim> current = primaries.stream().filter(claim -> claim.timeline() >= highest).toList();
        if (current.size() == 1) {
            Claim chosen = current.getFirst();
            return new Roles(Optional.of(chosen.member()), replicas(claims, chosen), highest, because(chosen, primaries));
        }
        // Reads may go on at what followed until now.
        List<Member> following = replicas.stream().filter(member -> claims.stream().anyMatch(c -> c.member().equals(member) && !c.isPrimary())).toList();
        return new Roles(Optional.empty(), following, highest, whyNone(primaries, current, highest));
    }

    /** Those that say they are primaries; an address that leads to a server listed earlier is left out. */
    private static List<Claim> onePerServer(List<Claim> claims) {
        List<Claim> distinct = new ArrayList<>();
        for (Claim claim : claims) {
            if (claim.isPrimary() && distinct.stream().noneMatch(claim::sameServer)) {
                distinct.add(claim);
            }
        }
        return distinct;
    }

    private static List<Member> replicas(List<Claim> claims, Claim primary) {
        return claims.stream()
                .filter(claim -> claim.role().filter(Role::inRecovery).isPresent() && claim.sameCluster(primary))
                .map(Claim::member)
                .toList();
    }

    private static String because(Claim chosen, List<Claim> primaries) {
        String said = "it says it is the primary, on timeline " + chosen.timeline();
        String others = primaries.stream().filter(claim -> claim != chosen).map(Roles::on).collect(Collectors.joining(", "));
        return others.isEmpty() ? said : said + "; " + others + " was replaced";
    }

    private static String whyNone(List<Claim> primaries, List<Claim> current, long highest) {
        if (primaries.isEmpty()) {
            return "none of the servers says it is the primary";
        }
        if (current.isEmpty()) {
            Claim furthest = primaries.stream().max(Comparator.comparingLong(Claim::timeline)).orElseThrow();
            return on(furthest) + " says it is the primary, but there was one on timeline " + highest + " already: it was replaced";
        }
        return current.stream().map(Roles::on).collect(Collectors.joining(" and ")) + " both say they are the primary";
    }

    private static String on(Claim claim) {
        return claim.member().name() + " (timeline " + claim.timeline() + ")";
    }
}
