package dev.banyan.control;

import dev.banyan.control.Step.AddToFrontDoor;
import dev.banyan.control.Step.AwaitHealthy;
import dev.banyan.control.Step.Commit;
import dev.banyan.control.Step.DrainInstance;
import dev.banyan.control.Step.LeaveServer;
import dev.banyan.control.Step.PutBack;
import dev.banyan.control.Step.ReconfigureFrontDoor;
import dev.banyan.control.Step.SetAside;
import dev.banyan.control.Step.StartInstance;
import dev.banyan.control.Step.StopInstance;
import dev.banyan.control.Step.SwitchOver;
import dev.banyan.control.Step.UseServer;
import dev.banyan.control.Step.WeighServer;
import dev.banyan.topology.Application;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides the steps from what runs to what is wanted. Pure and total: any two sites give a plan, the same one each time.
 *
 * <p>At every moment of a plan at least as many instances serve as at its start or at its end, whichever is fewer: what comes is added
 * before what goes is drained.
 */
final class Course {
    private final Plan.Kind kind;
    private final Wanted to;
    private final Observed from;
    private final List<Leg> legs = new ArrayList<>();

    private Course(Plan.Kind kind, Wanted to, Observed from) {
        this.kind = kind;
        this.to = to;
        this.from = from;
    }

    /** To another site: its size and settings first, then one leg for each instance that has to be another process. */
    static Plan to(Plan.Kind kind, Wanted wanted, Observed observed) {
        Course course = new Course(kind, wanted, observed);
        course.resize();
        course.replicasAfterStart();
        course.kept().stream().filter(i -> course.toldRight(i) && !sameProcess(i.application(), wanted.site().applications().get(i.name().service()))).forEach(course::replace);
        return course.plan();
    }

    /** The same site with every instance of a service replaced, one after the other. */
    static Plan deploy(Wanted wanted, String service, Observed observed) {
        Course course = new Course(Plan.Kind.DEPLOY, wanted, observed);
        course.kept(service).forEach(course::replace);
        return course.plan();
    }

    /** The same site with one server set aside, or put back. */
    static Plan aside(String server, boolean back, Wanted wanted, Observed observed) {
        Course course = new Course(back ? Plan.Kind.PUT_BACK : Plan.Kind.SET_ASIDE, wanted, observed);
        Step step = back ? new PutBack(server) : new SetAside(server, course.drainTime());
        course.legs.add(new Leg(step.does(), List.of(step, new Commit())));
        return course.plan();
    }

    /** The same site with another server of the database as the primary. */
    static Plan switchOver(String to, Wanted wanted, Observed observed) {
        Course course = new Course(Plan.Kind.SWITCH_OVER, wanted, observed);
        Step step = new SwitchOver(observed.database().known().primary(), to);
        course.legs.add(new Leg(step.does(), List.of(step, new Commit())));
        return course.plan();
    }

    private Plan plan() {
        return new Plan(kind, to, legs);
    }

    private void resize() {
        List<InstanceName> starting = starting();
        List<InstanceName> stopping = stopping().stream().map(Instance::name).toList();
        List<Step> steps = new ArrayList<>();
        DatabaseCourse database = new DatabaseCourse(to, from);
        CacheCourse cache = new CacheCourse(to, from);
        EdgeCourse edges = new EdgeCourse(to, from);
        List<Instance> wrong = kept().stream().filter(i -> !toldRight(i)).toList();
        steps.addAll(database.before());
        steps.addAll(cache.before());
        starting.forEach(name -> steps.add(new StartInstance(name)));
        starting.forEach(name -> steps.add(await(name)));
        reconfigure().filter(_ -> !newServices()).ifPresent(steps::add);
        starting.forEach(name -> steps.add(new AddToFrontDoor(name)));
        to.servers().stream().filter(s -> !from.servers().contains(s)).map(this::use).forEach(steps::add);
        reconfigure().filter(_ -> newServices()).ifPresent(steps::add);
        steps.addAll(edges.before());
        stopping.forEach(name -> steps.add(new DrainInstance(name, drainTime())));
        leaving().forEach(s -> steps.add(new LeaveServer(s, drainTime())));
        wrong.forEach(i -> steps.addAll(succession(i)));
        steps.addAll(cache.closing());
        if (steps.isEmpty() && database.after().isEmpty() && cache.after().isEmpty() && edges.after().isEmpty() && from.site().equals(Optional.of(to.site()))) {
            return;
        }
        steps.add(new Commit());
        steps.addAll(edges.after());
        stopping.forEach(name -> steps.add(new StopInstance(name)));
        wrong.forEach(i -> steps.add(new StopInstance(i.name())));
        steps.addAll(cache.after());
        steps.addAll(database.after());
        legs.add(new Leg(kind.word() + " to stage " + to.stage().number(), steps));
    }

    /** The site stands without them: should one not come to be, the others serve. */
    private void replicasAfterStart() {
        List<Step> steps = new ArrayList<>(new DatabaseCourse(to, from).afterStart());
        if (!steps.isEmpty()) {
            String what = "the database's replicas, " + steps.size() + " to make";
            steps.add(new Commit());
            legs.add(new Leg(what, steps));
        }
    }

    private void replace(Instance old) {
        List<Step> steps = new ArrayList<>(succession(old));
        steps.add(new Commit());
        steps.add(new StopInstance(old.name()));
        legs.add(new Leg("replace " + old.name() + " by " + next(old), steps));
    }

    /** One takes over from another, which is drained and runs on, so that it can be undone. */
    private List<Step> succession(Instance old) {
        InstanceName name = next(old);
        return List.of(new StartInstance(name), await(name), new AddToFrontDoor(name), new DrainInstance(old.name(), drainTime()));
    }

    private InstanceName next(Instance old) {
        return from.nextIn(old.name().service(), old.name().slot());
    }

    /** Whether it knows of the cache when there is one, and of none when there is none. */
    private boolean toldRight(Instance instance) {
        return instance.cached() == to.site().caches();
    }

    private List<Instance> holders(String service) {
        return from.of(service).stream().filter(i -> i.state().holdsItsSlot()).toList();
    }

    private List<Instance> kept() {
        return to.services().stream().flatMap(service -> kept(service).stream()).toList();
    }

    private List<Instance> kept(String service) {
        return holders(service).stream().limit(to.site().instances(service)).toList();
    }

    /** The ones in the highest slots go first; those of a service that is not wanted any more go all. */
    private List<Instance> stopping() {
        return from.instances().stream().map(i -> i.name().service()).distinct()
                .flatMap(service -> holders(service).stream().skip(to.site().instances(service))).toList().reversed();
    }

    private List<InstanceName> starting() {
        return to.services().stream().flatMap(service -> starting(service).stream()).toList();
    }

    private List<InstanceName> starting(String service) {
        Set<Integer> taken = holders(service).stream().map(i -> i.name().slot()).collect(Collectors.toCollection(TreeSet::new));
        List<InstanceName> names = new ArrayList<>();
        for (int slot = 1; taken.size() < to.site().instances(service); slot++) {
            if (taken.add(slot)) {
                names.add(from.nextIn(service, slot));
            }
        }
        return names;
    }

    /** Routes may lead to them, so the front door hears of its new settings when their servers are there; otherwise before. */
    private boolean newServices() {
        return from.site().filter(running -> !running.services().keySet().containsAll(to.site().services().keySet())).isPresent();
    }

    private Step use(ServiceServer server) {
        return from.servers().stream().filter(server::sameAddress).findFirst()
                .<Step>map(there -> new WeighServer(there, server)).orElse(new UseServer(server));
    }

    private List<ServiceServer> leaving() {
        return from.servers().stream().filter(s -> to.servers().stream().noneMatch(s::sameAddress)).toList();
    }

    private Optional<Step> reconfigure() {
        return from.site().filter(running -> !sameDoor(running, to.site()) || mayHaveNewCertificate())
                .map(running -> new ReconfigureFrontDoor(running, to.site()));
    }

    private Step await(InstanceName name) {
        return new AwaitHealthy(name, to.site().applications().get(name.service()).startTimeout());
    }

    private Duration drainTime() {
        return to.site().frontDoor().drain().requests();
    }

    /** Certificate files are renewed in place, so the site file does not show it: applying it reads them again. */
    private boolean mayHaveNewCertificate() {
        return kind == Plan.Kind.APPLY && to.site().frontDoor().tls().isPresent();
    }

    private static boolean sameDoor(Topology one, Topology other) {
        return one.frontDoor().equals(other.frontDoor()) && one.gateway().equals(other.gateway()) && healthPaths(one).equals(healthPaths(other));
    }

    private static Map<String, String> healthPaths(Topology site) {
        return site.applications().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().healthPath()));
    }

    /** Whether a process started as one is as good as one started as the other: the keys whose change is applied by a rolling replacement. */
    private static boolean sameProcess(Application one, Application other) {
        return one.command().equals(other.command())
                && one.directory().equals(other.directory())
                && one.environment().equals(other.environment());
    }
}
