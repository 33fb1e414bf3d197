package dev.banyan.topology;


/**
 * A site: what one site file says, whole and checked. The key of each component is its name in kebab case ({@code frontDoor} is
 * {@code front-door}).
 */
@Doc("A site: one application, the tiers that carry it, and the stage it is at.")
public record Topology(
        @Doc("The site's name: lower-case letters, digits and hyphens; it names the state folder, metrics and log lines.") SiteName site,
        @Default("1") @Doc("How far the site has grown: 1 single server, 3 load balancer. A preset: keys given explicitly win.") Stage stage,
        @Doc("The application: a command that Banyan runs, or servers that run already.") Application application,
        @Doc("The application's relational database.") Database database,
        @Doc("The load balancer that users reach.") FrontDoor frontDoor,
        @Doc("The console, the admin API and the metrics.") Console console) {}
