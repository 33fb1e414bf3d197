/**
 * The tour: a site that grows from its first stage to its last and back under steady load, broken at each stage, and what was seen of it. All of it is data and text: a
 * {@link dev.banyan.drill.tour.TourPlan} says what is done, a {@link dev.banyan.drill.tour.TourLog} takes down what happened, a {@link dev.banyan.drill.tour.TourReport} judges it and is
 * written as a table, JSON or an HTML page. Who carries it out lies in the command line's room, where processes are started. Start at {@code TourPlan}.
 */
package dev.banyan.drill.tour;
