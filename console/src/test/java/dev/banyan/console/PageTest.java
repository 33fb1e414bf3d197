package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Decision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser. */
@Timeout(40)
class PageTest extends InBrowser {
    private static final int SOON = 10_000;
    /** A sum of what is drawn of the dots: 0 when there is none, another one when they moved. */
    private static final String DOTS = """
            (() => {
              const paper = Object.assign(document.createElement('canvas'), { width: 400, height: 300 }).getContext('2d');
              paper.drawImage(document.querySelector('.flow'), 0, 0);
              return paper.getImageData(0, 0, 400, 300).data.reduce((sum, each) => (sum * 31 + each) % 1000003, 0);
            })()""";
    private static final String SOME_LIE_ON_EACH_OTHER = """
            (() => {
              const boxes = [...document.querySelectorAll('.label:not([hidden]), .node .body')].map(e => e.getBoundingClientRect()).filter(box => box.width > 0);
              const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
              return boxes.some((a, i) => boxes.some((b, j) => i < j && meet(a, b)));
            })()""";
    private static final String SOME_TEXT_IS_CUT = """
            [...document.querySelectorAll('.node')].filter(node => {
              const box = node.querySelector('.body').getBoundingClientRect();
              return [...node.querySelectorAll('text')].map(text => text.getBoundingClientRect()).some(text => text.width > 0 && (text.left < box.left - 1 || text.right > box.right + 1));
            }).map(node => node.dataset.node).join()""";

    @Test
    void theDeclaredSiteIsDrawnAtOnce_andSaysThatThereIsNoTrafficYet() {
        browser.open(console.url());
        browser.await("document.querySelectorAll('.node').length === 5 && document.querySelectorAll('.arrow .track').length === 4", 5_000);
        assertThat(browser.value("[...document.querySelectorAll('.node')].map(n => n.dataset.node).join()")).isEqualTo("users,front-door,web-1,router,db-1");
        assertThat(browser.value("document.querySelector('.labels').textContent")).contains("no traffic yet");
        assertThat(browser.value("document.getElementById('hint').innerText")).contains("./banyan load");
        assertThat(browser.value("document.getElementById('read-only').hidden")).isEqualTo("false");
        assertThat(browser.value("document.querySelector('#stage-buttons .main').getAttribute('aria-disabled')")).isEqualTo("true");
        assertThat(browser.value("getComputedStyle(document.body).backgroundColor")).as("the style sheet is there").isNotEqualTo("rgba(0, 0, 0, 0)");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void someTrafficIsSentFromThePage_byWhoMay() {
        browser.open(console.url());
        browser.await("document.getElementById('hint').hidden === false", SOON);
        assertThat(browser.value("document.getElementById('send-some').hidden")).isEqualTo("true");
        browser.open(console.url() + "/?token=" + console.token.reveal());
        browser.await("document.getElementById('send-some')?.hidden === false", SOON);
        browser.value("document.getElementById('send-some').click()");
        browser.await("document.querySelectorAll('.arrow[data-state=live]').length === 3 && document.getElementById('hint').hidden", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void trafficMovesOnEachArrow() {
        console.site.load(300).server("web-2", Site.Health.SICK);
        browser.open(console.url());
        browser.await("document.querySelectorAll('.arrow[data-state=live] .track').length === 3", SOON);
        assertThat(browser.value("document.querySelector('.labels .first').textContent")).endsWith("/s");
        browser.await(DOTS + " > 0", SOON);
        browser.value("window.before = " + DOTS);
        browser.await(DOTS + " !== window.before", SOON);
        assertThat(browser.value("document.querySelector('[data-node=web-2] title').textContent")).contains("sick");
        assertThat(browser.value("document.querySelector('[data-node=web-2] use[href^=\"#h-\"]').getAttribute('href')")).as("a shape, not only a colour").isEqualTo("#h-sick");
        assertThat(browser.value("document.getElementById('hint').hidden")).isEqualTo("true");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void failuresAreSaid_andSeenByMoreThanTheirColour() {
        console.site.load(300).failing(.08);
        browser.open(console.url());
        browser.await("document.querySelectorAll('.arrow[data-state=bad] .track').length === 3", SOON);
        assertThat(browser.value("document.querySelector('.labels .second').textContent")).isEqualTo("▲ 8.0 % failed");
        assertThat(browser.value("getComputedStyle(document.querySelector('.arrow[data-state=bad] .track')).strokeDasharray")).isNotEqualTo("none");
        assertThat(browser.value("document.getElementById('tile-failed').innerText")).contains("8.0");
    }

    @Test
    void nothingMoves_whenTheUserWantsLessMotion() {
        browser.prefer("prefers-reduced-motion", "reduce");
        console.site.load(300);
        browser.open(console.url());
        browser.await("document.querySelectorAll('.arrow[data-state=live] .track').length === 3", SOON);
        assertThat(browser.value("document.getAnimations().length")).isEqualTo("0");
        assertThat(browser.value("document.querySelector('.flow').dataset.moving + ' ' + " + DOTS)).isEqualTo("false 0");
        browser.prefer("prefers-reduced-motion", "");
    }

    @Test
    void theSiteGrowsFromThePage() {
        console.site.load(200).stage(2);
        browser.open(console.url() + "/?token=" + console.token.reveal());
        browser.await("document.querySelector('#stage-buttons .main')?.hasAttribute('aria-disabled') === false", SOON);
        assertThat(browser.value("location.search")).as("the token is not left in the address").isEmpty();
        browser.value("document.querySelector('#stage-buttons .main').click()");
        browser.await("document.querySelectorAll('#plan .steps li').length === 4", SOON);
        browser.value("document.querySelector('#plan .main').click()");
        browser.await("document.querySelector('#move').dataset.state === 'done'", SOON);
        browser.await("document.querySelectorAll('.node').length === 7", SOON);
        assertThat(browser.value("document.querySelector('#move .tally').textContent")).contains("requests since the move began, 0 failed, p99");
        assertThat(browser.value("[...document.querySelectorAll('#move .steps li')].every(s => s.dataset.state === 'done')")).isEqualTo("true");
        browser.await("document.getElementById('decisions').innerText.includes('grow to stage 3')", SOON);
        browser.await("document.querySelector('[aria-current=step] b').textContent === 'load balancer'", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void replicasAreDrawnBehindTheirPrimary_andOneIsMadeThePrimaryFromThePage() {
        console.site.load(200).stage(4).server("web-2", Site.Health.UP).server("web-3", Site.Health.UP).database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
        browser.open(console.url() + "/?token=" + console.token.reveal());
        browser.await("document.querySelectorAll('.node[data-kind=replica]').length === 2 && document.querySelectorAll('.arrow[data-protocol=replication] .track').length === 2", SOON);
        assertThat(browser.value("document.querySelector('[data-node=db-2] .line').textContent")).isEqualTo("replica, 2 ms behind");
        assertThat(browser.value("document.querySelector('[data-node=db-1] .gauge').textContent")).isEqualTo("2 of 20 busy");
        assertThat(browser.value("document.querySelectorAll('#asked tbody tr').length")).as("nothing is asked for a tab that nobody sees").isEqualTo("0");
        browser.value("location.hash = '#tab=asked'");
        browser.await("document.querySelectorAll('#asked tbody tr').length === 3", SOON);
        assertThat(browser.value("document.querySelector('#asked ol').innerText")).contains("next_ticket is declared volatile");
        browser.value("document.querySelector('[data-node=db-3]').dispatchEvent(new MouseEvent('click'))");
        browser.await("document.querySelector('#detail .figures')?.innerText.includes('Statements/s')", SOON);
        browser.await("[...document.querySelectorAll('#detail button')].some(b => b.textContent === 'Make it the primary')", SOON);
        browser.value("[...document.querySelectorAll('#detail button')].find(b => b.textContent === 'Make it the primary').click()");
        browser.await("document.querySelector('#plan h3')?.textContent === 'switch the database over to db-3'", SOON);
        assertThat(browser.value("document.querySelector('[data-node=db-3]').dataset.kind")).as("nothing is done before it is confirmed").isEqualTo("replica");
        browser.value("document.querySelector('#plan .main').click()");
        browser.await("document.querySelector('[data-node=db-3]').dataset.kind === 'database' && document.querySelector('[data-node=db-1]').dataset.kind === 'replica'", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Timeout(120)
    void nothingLiesOnAnother_fromOneServerToSixty() {
        for (int servers : new int[] {5, 12, 60}) {
            shape(servers);
            browser.open("about:blank");
            browser.open(console.url());
            browser.await("document.getElementById('link').dataset.state === 'live'", SOON);
            for (int width : new int[] {390, 820, 1280, 1920}) {
                browser.size(width, 900);
                for (String zoom : List.of("regions", "tiers", "one", "servers")) {
                    browser.value("location.hash = 'zoom=" + zoom + "'");
                    browser.await("document.querySelector('#drawing').dataset.zoom === '" + zoom + "' && document.querySelectorAll('.node').length > 0 && " + SOME_LIE_ON_EACH_OTHER + " === false", 4_000);
                    assertThat(browser.value(SOME_TEXT_IS_CUT)).as("%d servers, %d pixels, %s", servers, width, zoom).isEmpty();
                    assertThat(browser.value("document.documentElement.scrollWidth <= innerWidth")).isEqualTo("true");
                }
            }
        }
        assertThat(browser.complaints()).isEmpty();
    }

    private void shape(int servers) {
        console.site.load(1_000);
        switch (servers) {
            case 5 -> console.site.stage(1);
            case 12 -> console.site.stage(5).server("web-2", Site.Health.UP).server("web-3", Site.Health.SICK).database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
            default -> console.site.large();
        }
    }

    @Test
    void threeZoomsShowTheSameSite_andTheAddressSaysWhich() {
        console.site.load(1_000).large();
        browser.open(console.url());
        browser.await("document.querySelectorAll('.node').length === 64", SOON);
        assertThat(browser.value("document.querySelectorAll('.arrow').length")).as("the arrows of a crowd are one").isEqualTo("13");
        browser.value("document.querySelector('#zoom [data-zoom=tiers]').click()");
        browser.await("location.hash === '#zoom=tiers' && document.querySelectorAll('.node').length === 9", SOON);
        assertThat(browser.value("[...document.querySelectorAll('.node')].find(n => n.dataset.node.startsWith('application')).querySelector('title').textContent"))
                .contains("44 servers", "down", "draining", "a second");
        browser.value("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '-', bubbles: true}))");
        browser.await("location.hash === '#zoom=regions' && document.querySelectorAll('.node').length === 3", SOON);
        browser.value("history.back()");
        browser.await("location.hash === '#zoom=tiers' && document.querySelectorAll('.node').length === 9", SOON);
        browser.value("[...document.querySelectorAll('.node')].find(n => n.dataset.node.startsWith('application')).dispatchEvent(new MouseEvent('click'))");
        browser.await("location.hash === '' && document.querySelectorAll('.node').length === 64", SOON);
        browser.open(console.url() + "/#zoom=one&select=web-17");
        browser.await("document.querySelector('[data-node=web-17]')?.dataset.size === 'large' && document.querySelectorAll('.node').length === 4", SOON);
        assertThat(browser.value("document.querySelector('[data-node=web-17]').textContent")).contains("99 in 100 wait at most");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void arrowKeysGoFromServerToServer() {
        console.site.load(200).stage(3).server("web-2", Site.Health.UP);
        browser.open(console.url());
        browser.await("document.querySelectorAll('.node').length === 6", SOON);
        browser.value("document.querySelector('[data-node=front-door]').focus()");
        browser.press("ArrowRight");
        browser.await("document.activeElement.dataset.node?.startsWith('web-')", 2_000);
        browser.value("document.querySelector('[data-node=web-1]').focus()");
        browser.press("ArrowDown");
        browser.await("document.activeElement.dataset.node === 'web-2'", 2_000);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aFaultIsMarkedOnItsServerAndOnItsArrow() {
        console.site.load(1_000).large();
        browser.open(console.url());
        browser.await("document.querySelectorAll('.node').length === 64", SOON);
        browser.value("""
                import('./drawing.js').then(async ({ draw }) => {
                  const host = document.createElement('div');
                  host.id = 'still';
                  document.body.append(host);
                  const site = await (await fetch('/api/site')).json();
                  window.still = draw(site, host, { width: 1200 });
                  window.still.faults([{ target: 'web-3', kind: 'stop', setting: '', sentence: 'web-3 is stopped' }, { target: 'front-door>web-9', kind: 'latency', setting: '200ms', sentence: 'slow' }]);
                  return '';
                })""");
        browser.await("document.querySelectorAll('#still .node').length === 64", 3_000);
        assertThat(browser.value("[...document.querySelectorAll('#still .node.faulty, #still .arrow.faulty')].map(e => e.dataset.node ?? e.dataset.arrow).sort().join()")).isEqualTo("front-door>web-9,web-3");
        assertThat(browser.value("document.querySelector('#still [data-node=web-3] title').textContent")).contains("fault: web-3 is stopped");
        assertThat(browser.value("document.querySelectorAll('#still [role=button], #still canvas').length")).as("a drawing for a report stands still").isEqualTo("0");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aNodeOpensByKeyboard_andEscapeGivesTheFocusBack() {
        console.site.load(200);
        browser.open(console.url());
        browser.await("document.querySelectorAll('.node').length === 5", SOON);
        browser.value("document.querySelector('[data-node=web-1]').focus()");
        browser.press("Enter");
        browser.await("document.querySelector('#detail .figures')?.innerText.includes('p99')", SOON);
        assertThat(browser.value("location.hash")).isEqualTo("#select=web-1");
        browser.value("[...document.querySelectorAll('#detail summary')].find(s => s.textContent === 'Log').click()");
        browser.await("document.querySelector('#detail .log').textContent.includes('web-1 listens')", SOON);
        browser.press("Escape");
        browser.await("document.getElementById('detail').hidden && document.activeElement.dataset.node === 'web-1'", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void decisionsAppearAsTheyHappen_asTextAndNotAsMarkup() {
        browser.open(console.url());
        browser.await("document.getElementById('link').dataset.state === 'live'", SOON);
        console.decisions.announce(new Decision("eject <img src=x onerror=alert(1)>", "5 failures in a row", "web-1 up", console.clock.now()));
        browser.await("document.querySelector('#decisions li b')?.textContent.startsWith('eject <img')", 2_000);
        assertThat(browser.value("document.querySelectorAll('#decisions img').length")).isEqualTo("0");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theStageCatchesUpWithAMoveThatEndedUnseen() {
        browser.open(console.url());
        browser.await("document.getElementById('link').dataset.state === 'live'", SOON);
        console.send(console.change("/api/grow", "{\"to\":3}"));
        browser.await("document.getElementById('move').dataset.state === 'running'", SOON);
        browser.value("Object.defineProperty(document, 'hidden', {value: true, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))");
        awaitMoveIsOver();
        assertThat(browser.value("document.getElementById('move').dataset.state")).as("nobody looks").isEqualTo("running");
        browser.value("Object.defineProperty(document, 'hidden', {value: false, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))");
        browser.await("document.getElementById('move').dataset.state === 'done' && document.querySelectorAll('.node').length === 7", SOON);
        assertThat(browser.complaints()).isEmpty();
    }

    private void awaitMoveIsOver() {
        long deadline = console.clock.nanos() + Duration.ofSeconds(10).toNanos();
        while (!console.json("/api/moves/1").get("state").asString().equals("done")) {
            assertThat(console.clock.nanos()).isLessThan(deadline);
        }
    }

    @Test
    void aLostConnectionIsShown() {
        browser.open(console.url());
        browser.await("document.getElementById('link').dataset.state === 'live'", SOON);
        console.server.close();
        browser.await("document.getElementById('link').dataset.state === 'lost' && document.getElementById('link').innerText.includes('connection lost')", SOON);
    }

    @Test
    void aPhoneShowsItTopToBottom_withNothingCutOff() {
        console.site.load(200).stage(3).server("web-2", Site.Health.UP).server("web-3", Site.Health.DRAINING);
        browser.size(390, 844);
        browser.open(console.url());
        browser.await("document.querySelectorAll('.node').length === 7", SOON);
        assertThat(browser.value("document.documentElement.scrollWidth <= innerWidth")).isEqualTo("true");
        browser.await("(() => { const y = id => document.querySelector(`[data-node=${id}]`).getBoundingClientRect().top;"
                + " return y('users') < y('front-door') && y('front-door') < y('web-1') && y('web-1') < y('router') && y('router') < y('db-1'); })()", 3_000);
        assertThat(browser.complaints()).isEmpty();
    }
}
