package dev.banyan.postgres;

/**
 * What a client has to show to have its session's statement cancelled.
 *
 * @param secret 4 bytes in protocol 3.0, 32 from 3.2 on
 */
record CancelKey(int processId, byte[] secret) {
    @Override
    public String toString() {
        return "CancelKey[" + processId + ", ***]";
    }
}
