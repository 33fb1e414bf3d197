package dev.banyan.resp.wire;

/** A node said what the protocol has no meaning for: nothing that comes behind it on its connection can be trusted. */
public final class ProtocolFault extends RuntimeException {
    public ProtocolFault(String what) {
        super(what, null, false, false);
    }
}
