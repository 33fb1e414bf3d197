package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Ways in which bytes come in: whole, one by one, and cut by chance. */
final class Cut {
    private Cut() {}

    /** The lengths of the pieces, in each way. */
    static List<int[]> ways(int length, long seed) {
        Random chance = new Random(seed);
        List<int[]> ways = new ArrayList<>(List.of(new int[] {length}, pieces(length, () -> 1)));
        for (int i = 0; i < 5; i++) {
            int most = 1 << chance.nextInt(6);
            ways.add(pieces(length, () -> 1 + chance.nextInt(most)));
        }
        return ways;
    }

    private static int[] pieces(int length, java.util.function.IntSupplier next) {
        List<Integer> pieces = new ArrayList<>();
        for (int left = length; left > 0; left -= pieces.getLast()) {
            pieces.add(Math.min(left, next.getAsInt()));
        }
        return pieces.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A buffer that moves what it holds when more comes, as a connection's does. */
    static ByteBuf add(ByteBuf held, byte[] bytes, int from, int length) {
        ByteBuf moved = Unpooled.buffer(held.readableBytes() + length + 3);
        moved.writeZero(3).skipBytes(3);
        moved.writeBytes(held).writeBytes(bytes, from, length);
        held.release();
        return moved;
    }
}
