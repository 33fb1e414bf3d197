/**
 * Drills of a whole running site: a hypothesis with numbers, load, a fault, and checks of what users and data went through. A {@link dev.banyan.drill.site.Drill} is data, and
 * {@link dev.banyan.drill.site.Drills} lists them; a {@link dev.banyan.drill.site.DrilledSite} is the port through which one sees and breaks a site; what it found is a
 * {@link dev.banyan.drill.site.DrillReport}. Start at {@code Drills}.
 */
package dev.banyan.drill.site;
