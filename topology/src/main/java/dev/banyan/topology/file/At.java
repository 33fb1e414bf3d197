package dev.banyan.topology.file;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** A place in the file; line and column count from 1, columns in code points. */
record At(int line, int column) {
    static final At FILE = new At(0, 0);

    static At of(Mark mark) {
        return new At(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
