package dev.banyan.resp.wire;

/** The arguments of one command, its name first, wherever their bytes are. */
public interface Arguments {
    int count();

    /** Bytes of an argument. */
    int length(int argument);

    byte at(int argument, int index);

    static Arguments of(byte[]... arguments) {
        return new Arguments() {
            @Override
            public int count() {
                return arguments.length;
            }

            @Override
            public int length(int argument) {
                return arguments[argument].length;
            }

            @Override
            public byte at(int argument, int index) {
                return arguments[argument][index];
            }
        };
    }
}
