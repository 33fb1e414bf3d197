package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Decision;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be done and looked up on the page, in a real browser. */
@Timeout(120)
class PanelsTest extends InBrowser {
    private static final int SOON = 60_000;
    private static final String BUTTON = "void (window.button = (where, text) => [...document.querySelectorAll(where + ' button')].find(b => b.textContent === text))";

    @Test
    void aPlanSaysWhatItCosts_beforeAnythingIsDone() {
        console.site.load(200).stage(2);
        open("", true);
        press("#stage-buttons", "Grow to stage 3");
        browser.await("document.querySelectorAll('#plan .steps li').length === 4", SOON);
        assertThat(browser.value("document.querySelector('#plan .cost').innerText")).contains("web-2, web-3", "2 more", "about 364 MiB for 2 instances: web-1 has 182 MiB now");
        assertThat(browser.value("document.activeElement.textContent")).as("a screen reader is taken there").isEqualTo("grow to stage 3, load balancer");
        assertThat(console.json("/api/moves").size()).isZero();
        press("#plan", "Not now");
        browser.await("document.getElementById('plan').hidden", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aMoveThatFailedShowsWhatWasTakenBack() {
        console.site.load(200).stage(2).failingAt("wait until web-2 and web-3 are healthy");
        open("", true);
        press("#stage-buttons", "Grow to stage 3");
        browser.await("button('#plan', 'Apply')", SOON);
        press("#plan", "Apply");
        browser.await("document.querySelector('#move').dataset.state === 'failed'", SOON);
        assertThat(browser.value("[...document.querySelectorAll('#move .steps li')].map(s => s.dataset.state).join()")).isEqualTo("undone,undone,failed,waiting");
        assertThat(browser.value("document.querySelector('#move').innerText")).contains("2 of 4 steps were taken back: the site is as it was before.", "it does not answer GET /health", "0 failed");
        browser.await("document.querySelector('#stage-buttons .main').hasAttribute('aria-disabled') === false", SOON);
    }

    @Test
    void aFaultIsConfirmed_countedDownEverywhere_andLifted() {
        console.site.load(200);
        open("#select=web-1", true);
        browser.await("button('.break', 'Stop')", SOON);
        press(".break", "Stop");
        assertThat(browser.value("document.querySelector('.breaking').innerText")).contains("SIGSTOP", "web-1 is the last of “application” that serves");
        assertThat(console.json("/api/faults").get("active").size()).as("nothing is done before it is confirmed").isZero();
        browser.value("document.querySelector('.breaking select').value = '1m'");
        press(".breaking", "Begin all the same");
        browser.await("/Stop: web-1.*(1:00|0:5\\d) left/s.test(document.getElementById('faults').innerText) && !document.getElementById('faults').hidden", SOON);
        browser.await("/0:5\\d left/.test(document.querySelector('.running').innerText)", SOON);
        assertThat(browser.value("document.querySelector('#faults + [role=status]').textContent")).isEqualTo("Fault begun. Stop: web-1.");
        press("#faults", "Lift now");
        browser.await("document.getElementById('faults').hidden && document.querySelectorAll('.running li').length === 0"
                + " && document.querySelector('#faults + [role=status]').textContent === 'Fault over. Stop: web-1.'", SOON);
        browser.value("location.hash = '#tab=faults'");
        browser.await("document.querySelector('#panel-faults tbody').innerText.includes('lifted by page')", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void anArrowIsSlowedDown() {
        console.site.load(200);
        open("#select=" + "front-door%3Eweb-1", true);
        browser.await("document.querySelector('#detail h2')?.textContent === 'Front door → web-1' && button('.break', 'Add latency')", SOON);
        assertThat(browser.value("document.querySelector('#detail .figures').innerText")).contains("Requests/s", "p99");
        press(".break", "Add latency");
        browser.value("document.querySelector('.breaking select[name=latency]').value = '1s'");
        press(".breaking", "Begin");
        browser.await("document.getElementById('faults').innerText.includes('Add latency 1s: front-door → web-1')", SOON);
        assertThat(console.json("/api/faults").at("/active/0/setting").asString()).isEqualTo("1s");
    }

    @Test
    void decisionsAreOfATierOrAServer_andSaidWhenTheyCome() {
        console.site.load(200);
        announce("eject web-1", "5 failures in a row");
        announce("send no reads to db-1", "9 s behind");
        announce("grow to stage 3", "asked for");
        open("", false);
        browser.await("document.querySelectorAll('#decisions li').length === 3", SOON);
        browser.value("const tier = document.querySelector('.filter select'); tier.value = 'data'; tier.dispatchEvent(new Event('change'))");
        assertThat(browser.value("[...document.querySelectorAll('#decisions b')].map(b => b.textContent).join()")).isEqualTo("send no reads to db-1");
        assertThat(browser.value("[...document.querySelectorAll('.filter select')[1].options].map(o => o.value).join()")).isEqualTo(",db-1");
        announce("eject web-1", "again");
        announce("promote db-1", "the only one");
        browser.await("document.querySelectorAll('#decisions li').length === 2", SOON);
        assertThat(browser.value("document.querySelector('.decisions [role=status]').textContent")).isEqualTo("Decision: promote db-1. the only one");
        press("#decisions", "Show db-1");
        browser.await("document.querySelector('#detail h2')?.textContent === 'db-1'", SOON);
        assertThat(browser.value("document.querySelectorAll('#detail .timeline li').length")).isEqualTo("2");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theHistoryIsPlotted_withItsWindowInTheAddress_andInWords() {
        console.site.load(200);
        announce("eject web-1", "5 failures in a row");
        open("#tab=history&select=web-1", false);
        browser.await("document.querySelectorAll('#panel-history canvas').length === 3 && document.querySelectorAll('#detail canvas').length === 3", SOON);
        assertThat(browser.value("document.querySelector('#detail .plot').getAttribute('aria-label')")).startsWith("Traffic in the last ten minutes: requests a second from").endsWith("1 Decisions and 0 faults are marked.");
        press("#panel-history", "24 h");
        browser.await("document.querySelector('#panel-history .plot').getAttribute('aria-label').startsWith('Traffic in the last 24 hours')", SOON);
        assertThat(browser.value("location.hash")).contains("window=86400");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void nothingIsAskedForPlotsThatNobodySees() {
        console.site.load(200);
        open("", false);
        browser.await("document.querySelectorAll('.node').length === 5", SOON);
        assertThat(browser.value("performance.getEntriesByType('resource').filter(r => /history\\?|uplot|search/.test(r.name) && !r.name.endsWith('search.js')).length")).isEqualTo("0");
    }

    @Test
    void linesOfAllLogsAreFound_andWhatWasLookedForIsMarked() {
        open("#tab=logs", false);
        browser.await("document.querySelector('#search-tier')?.options.length > 2", SOON);
        browser.value("document.getElementById('search-text').value = 'get /'");
        press("#panel-logs", "Search");
        browser.await("document.querySelectorAll('.found li').length === 2", SOON);
        assertThat(browser.value("[...document.querySelectorAll('.found mark')].map(m => m.textContent).join()")).isEqualTo("GET /,GET /");
        assertThat(browser.value("document.querySelector('#panel-logs [role=status]').textContent")).isEqualTo("2 lines.");
        browser.value("document.getElementById('search-text').value = 'nowhere'");
        browser.value("document.getElementById('search-text').focus()");
        browser.press("Enter");
        browser.await("document.querySelector('#panel-logs [role=status]').textContent.startsWith('No line has it.')", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void errorBudgetsAreInTheHead_andExplained() {
        open("", false);
        browser.await("document.querySelectorAll('#budget .chip').length === 2", SOON);
        assertThat(browser.value("document.getElementById('budget').innerText")).contains("availability: 83.0 % of the budget left", "latency: 21.0 % of the budget left, going 18× as fast as it may");
        browser.value("document.querySelector('#budget .chip').click()");
        browser.await("document.querySelectorAll('#panel-objectives .budget').length === 2 && !document.getElementById('panel-objectives').hidden", SOON);
        assertThat(browser.value("document.querySelector('#panel-objectives .budget').innerText")).contains("99.9 % of requests do not fail, over 30 days", "at this pace it lasts 21 days", "0.9×");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whoMayOnlyLook_isToldSoAtEveryControl() {
        console.site.load(200);
        open("#select=web-1", false);
        browser.await("button('.break', 'Kill') && button('#detail', 'Drain')", SOON);
        assertThat(browser.value("[...document.querySelectorAll('#stage-buttons button, .break > .buttons button, #detail > .buttons button')].every(b => b.getAttribute('aria-disabled') === 'true' && b.title.includes('banyan up'))"))
                .isEqualTo("true");
        press(".break", "Kill");
        browser.await("document.querySelector('.toast')?.textContent.startsWith('This page is read-only: open the link that “banyan up” printed')", SOON);
        assertThat(browser.value("document.querySelector('.breaking').hidden")).isEqualTo("true");
        assertThat(browser.value("document.querySelector('.break .note').hidden")).isEqualTo("false");
    }

    @Test
    void theLogOfAServerIsFollowed() {
        open("#select=web-1", false);
        browser.await("document.querySelector('#detail h2')?.textContent === 'web-1'", SOON);
        browser.value("[...document.querySelectorAll('#detail summary')].find(s => s.textContent === 'Log').click()");
        browser.await("document.querySelector('#detail .log').textContent.includes('web-1 listens')", SOON);
        browser.await("performance.getEntriesByType('resource').filter(r => r.name.includes('/api/logs/')).length > 1", SOON);
    }

    @Test
    void axeFindsNothingSerious_wideAndNarrow_lightAndDark() throws Exception {
        Optional<String> axe = AxeCore.script();
        Assumptions.assumeTrue(axe.isPresent(), "axe-core " + AxeCore.VERSION + " cannot be had by npm (is it installed, its registry within reach?): its rules were not checked");
        console.site.load(200).stage(4).server("web-2", Site.Health.SICK).database("db-2", Site.Health.UP);
        announce("eject web-2", "5 failures in a row");
        console.send(console.change("/api/faults", "{\"kind\":\"stop\",\"target\":\"db-1\"}"));
        for (String scheme : new String[] {"light", "dark"}) {
            browser.prefer("prefers-color-scheme", scheme);
            for (int width : new int[] {1280, 390}) {
                browser.size(width, 900);
                open("#select=web-1", true);
                browser.value(axe.get() + "; 0");
                press("#stage-buttons", "Grow to stage 5");
                browser.await("document.querySelector('#plan .cost') && document.querySelector('#detail canvas') && button('.break', 'Kill')", SOON);
                press(".break", "Kill");
                for (String tab : new String[] {"stage", "history", "objectives", "faults", "logs", "asked"}) {
                    browser.value("document.getElementById('tab-" + tab + "').click()");
                    browser.value("button('#panel-logs', 'Search').click()");
                    browser.await("document.getElementById('panel-" + tab + "').hidden === false", SOON);
                    assertThat(browser.value("document.getAnimations().forEach(a => a.finish?.call(a.effect?.getTiming().iterations === Infinity ? {finish() {}} : a)); " + AxeCore.SERIOUS)).as(scheme + " at " + width + ", " + tab).isEmpty();
                }
                assertThat(browser.value("document.documentElement.scrollWidth <= innerWidth")).as("nothing is cut off at " + width).isEqualTo("true");
            }
        }
        browser.prefer("prefers-color-scheme", "");
    }

    private void announce(String what, String why) {
        console.decisions.announce(new Decision(what, why, "web-1 up", console.clock.now()));
    }

    /** The page, once it is live. Its helper is {@code button(where, text)}. */
    private void open(String hash, boolean mayChange) {
        if (mayChange) {
            browser.open(console.url() + "/?token=" + console.token.reveal());
            browser.await("document.getElementById('link')?.dataset.state === 'live'", SOON);
        }
        browser.open("about:blank");
        browser.open(console.url() + "/" + hash);
        browser.await("document.getElementById('link')?.dataset.state === 'live' && document.querySelector('#stage-buttons .main')"
                + (mayChange ? "?.hasAttribute('aria-disabled') === false" : ""), SOON);
        browser.value(BUTTON);
    }

    private void press(String where, String text) {
        browser.await("button('" + where + "', '" + text + "')", SOON);
        browser.value("button('" + where + "', '" + text + "').click()");
    }
}
