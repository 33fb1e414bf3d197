package dev.banyan.balance;

/** Active health: checks that pass or fail in a row (rise and fall). Owned by its group's lock. */
final class Checks {
    private enum Verdict {
        UNPROVEN,
        WELL,
        SICK
    }

    private Verdict verdict;
    private int inARow;

    /** @param proven it may serve before its first check */
    Checks(boolean proven) {
        verdict = proven ? Verdict.WELL : Verdict.UNPROVEN;
    }

    boolean proven() {
        return verdict != Verdict.UNPROVEN;
    }

    boolean sick() {
        return verdict == Verdict.SICK;
    }

    /** A check passed; true when the server may serve from now on: after the first of a new one, after {@code rise} of a sick one. */
    boolean passed(int rise) {
        if (verdict == Verdict.WELL) {
            inARow = 0;
            return false;
        }
        int needed = verdict == Verdict.UNPROVEN ? 1 : rise;
        if (++inARow < needed) {
            return false;
        }
        verdict = Verdict.WELL;
        inARow = 0;
        return true;
    }

    /** A check failed; true when {@code fall} have failed in a row and the server is sick from now on. */
    boolean failed(int fall) {
        if (verdict != Verdict.WELL) {
            inARow = 0;
            return false;
        }
        if (++inARow < fall) {
            return false;
        }
        verdict = Verdict.SICK;
        inARow = 0;
        return true;
    }
}
