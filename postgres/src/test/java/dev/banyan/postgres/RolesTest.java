package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.RoleQuestion.Role;
import dev.banyan.postgres.Roles.Claim;
import dev.banyan.topology.HostPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolesTest {
    private static final Member A = member("a", 1);
    private static final Member B = member("b", 2);
    private static final Member C = member("c", 3);

    @Test
    void oneThatSaysItIsThePrimaryIsBelieved_andThoseInRecoveryFollowIt() {
        Roles roles = Roles.UNKNOWN.next(List.of(primary(A, 1), replica(B), replica(C)));
        assertThat(roles).isEqualTo(new Roles(Optional.of(A), List.of(B, C), 1, "it says it is the primary, on timeline 1"));
    }

    @Test
    void aReplicaThatDoesNotAnswerStaysOne_forItsHealthIsSomebodyElsesMatter() {
        Roles roles = Roles.UNKNOWN.next(List.of(primary(A, 1), silent(replica(B)), unheard(C)));
        assertThat(roles.replicas()).containsExactly(B);
    }

    @Test
    void aHigherTimelineReplacesALowerOne_bothAlive() {
        Roles before = Roles.UNKNOWN.next(List.of(primary(A, 1), replica(B)));
        Roles roles = before.next(List.of(primary(A, 1), primary(B, 2)));
        assertThat(roles.primary()).contains(B);
        assertThat(roles.replicas()).isEmpty();
        assertThat(roles.why()).isEqualTo("it says it is the primary, on timeline 2; a (timeline 1) was replaced");
    }

    @Test
    void aPrimaryThatWasReplacedIsNotFollowed_evenWhileTheNewOneIsAway() {
        Roles before = Roles.UNKNOWN.next(List.of(primary(B, 2), replica(C)));
        Roles roles = before.next(List.of(primary(A, 1), silent(primary(B, 2)), replica(C)));
        assertThat(roles.primary()).isEmpty();
        assertThat(roles.replicas()).containsExactly(C);
        assertThat(roles.why()).isEqualTo("a (timeline 1) says it is the primary, but there was one on timeline 2 already: it was replaced");
    }

    @Test
    void twoOnOneTimelineAreNone_untilOneIsGone() {
        Roles roles = Roles.UNKNOWN.next(List.of(primary(A, 3), primary(B, 3), replica(C)));
        assertThat(roles.primary()).isEmpty();
        assertThat(roles.why()).isEqualTo("a (timeline 3) and b (timeline 3) both say they are the primary");
        assertThat(roles.next(List.of(primary(A, 3), silent(primary(B, 3)), replica(C))).primary()).contains(A);
    }

    @Test
    void twoAddressesOfOneServerAreOnePrimary() {
        Claim same = new Claim(B, Optional.of(new Role(false, 1, 1_000 + A.address().port(), "7")), true);
        assertThat(Roles.UNKNOWN.next(List.of(primary(A, 1), same)).primary()).contains(A);
    }

    @Test
    void aServerOfAnotherClusterIsNoReplica() {
        Claim stranger = new Claim(B, Optional.of(new Role(true, 0, 5, "8")), true);
        assertThat(Roles.UNKNOWN.next(List.of(primary(A, 1), stranger, replica(C))).replicas()).containsExactly(C);
        Claim unknown = new Claim(B, Optional.of(new Role(true, 0, 5, "")), true);
        assertThat(Roles.UNKNOWN.next(List.of(primary(A, 1), unknown, replica(C))).replicas()).containsExactly(B, C);
    }

    @Test
    void aLostPrimaryIsNone_andReplicasGoOnReading() {
        Roles before = Roles.UNKNOWN.next(List.of(primary(A, 1), replica(B), replica(C)));
        Roles roles = before.next(List.of(silent(primary(A, 1)), replica(B), replica(C)));
        assertThat(roles).isEqualTo(new Roles(Optional.empty(), List.of(B, C), 1, "none of the servers says it is the primary"));
    }

    private static Member member(String name, int port) {
        return new Member(name, new HostPort("127.0.0.1", port));
    }

    private static Claim primary(Member member, long timeline) {
        return new Claim(member, Optional.of(new Role(false, timeline, 1_000 + member.address().port(), "7")), true);
    }

    private static Claim replica(Member member) {
        return new Claim(member, Optional.of(new Role(true, 0, 1_000 + member.address().port(), "7")), true);
    }

    private static Claim silent(Claim claim) {
        return new Claim(claim.member(), claim.role(), false);
    }

    private static Claim unheard(Member member) {
        return new Claim(member, Optional.empty(), false);
    }
}
