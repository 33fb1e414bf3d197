package dev.banyan.resp;

import java.util.Arrays;

/** Who waits for the answers of a connection, in their order: a ring that grows. Owned by one IO loop. */
final class Pending {
    private Recipient[] recipients = new Recipient[16];
    private long[] notes = new long[16];
    private int head;
    private int size;

    void add(Recipient recipient, long note) {
        if (size == recipients.length) {
            grow();
        }
        int at = head + size & recipients.length - 1;
        recipients[at] = recipient;
        notes[at] = note;
        size++;
    }

    Recipient recipient() {
        return recipients[head];
    }

    long note() {
        return notes[head];
    }

    void remove() {
        recipients[head] = null;
        head = head + 1 & recipients.length - 1;
        size--;
    }

    /** From now on the first answer is someone else's. */
    void replace(Recipient recipient) {
        recipients[head] = recipient;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether anyone else waits behind the first. */
    boolean othersThan(Recipient one) {
        for (int i = 1; i < size; i++) {
            if (recipients[head + i & recipients.length - 1] != one) {
                return true;
            }
        }
        return false;
    }

    private void grow() {
        int length = recipients.length;
        Recipient[] more = new Recipient[length * 2];
        long[] moreNotes = new long[length * 2];
        System.arraycopy(recipients, head, more, 0, length - head);
        System.arraycopy(recipients, 0, more, length - head, head);
        System.arraycopy(notes, head, moreNotes, 0, length - head);
        System.arraycopy(notes, 0, moreNotes, length - head, head);
        Arrays.fill(recipients, null);
        recipients = more;
        notes = moreNotes;
        head = 0;
    }
}
