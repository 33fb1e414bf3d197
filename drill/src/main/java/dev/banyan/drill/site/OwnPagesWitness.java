package dev.banyan.drill.site;

import dev.banyan.drill.OwnPages;

/** Whether a page missed what its user had just changed, by the address that the public has. */
final class OwnPagesWitness implements Witness {
    private final OwnPages pages;

    OwnPagesWitness(OwnPages pages) {
        this.pages = pages;
    }

    @Override
    public void look() {
        // Its users look by themselves.
    }

    @Override
    public Testimony testimony() {
        OwnPages.Seen seen = pages.seen();
        return new Testimony(seen.pages(), seen.stale(), seen.examples());
    }

    @Override
    public void close() {
        pages.close();
    }
}
