"""Looks at a report in a real browser (Debian's chromium): prints TAP lines.

    browser.py REPORT.html log|trace|long [SCREENSHOT_FOLDER]

Of a long page only the first screen and the print are looked at.

AXE in the environment names axe-core's file, which then checks accessibility.
"""
import os
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

failures = 0


def check(name, good, why=''):
    global failures
    print(('ok' if good else 'not ok'), '-', name)
    if not good:
        failures += 1
        print('#', why)


def open_browser():
    options = webdriver.ChromeOptions()
    for flag in ('headless=new', 'no-sandbox', 'disable-gpu', 'disable-dev-shm-usage', 'hide-scrollbars'):
        options.add_argument('--' + flag)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    return webdriver.Chrome(service=Service('/usr/bin/chromedriver'), options=options)


def shots(driver, folder, name):
    """The page as a desktop, a phone, a dark room and a printer see it."""
    looks = [('desktop', 1200, 900, 'light', ''), ('phone', 390, 844, 'light', ''),
             ('dark', 1200, 900, 'dark', ''), ('print', 800, 1100, 'light', 'print')]
    for look, width, height, scheme, media in looks:
        driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {
            'media': media, 'features': [{'name': 'prefers-color-scheme', 'value': scheme}]})
        driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
            'width': width, 'height': height, 'deviceScaleFactor': 1, 'mobile': look == 'phone'})
        overflow = driver.execute_script(
            'return document.documentElement.scrollWidth - document.documentElement.clientWidth')
        check(f'{look}: the page is not wider than its window', overflow <= 0, f'{overflow} pixels')
        ratio = contrast(driver)
        check(f'{look}: text stands out from its ground', ratio >= 4.5, f'contrast {ratio:.1f}')
        if os.environ.get('AXE') and look in ('desktop', 'dark'):
            accessible(driver, look)
        if look == 'print':
            printed(driver)
        if folder:
            driver.save_screenshot(os.path.join(folder, f'{name}-{look}.png'))
    driver.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})
    driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'media': '', 'features': []})


def printed(driver):
    """On paper stand failures, evidence and marks, said so; not each of thousands of transactions."""
    rows = driver.execute_script(
        'return Array.from(document.querySelectorAll("#rows tbody tr")).filter(function (r) {'
        'return r.getClientRects().length; }).map(function (r) { return [r.dataset.kind, r.className]; })')
    check('print: of transactions that went well only those that evidence rests on',
          all(kind != 'ok' or 'quoted' in names.split() for kind, names in rows), str(rows)[:200])
    check('print: a hundred failures at most', sum(kind in ('bad', 'wait') for kind, _ in rows) <= 100, str(len(rows)))
    height = driver.execute_script('return document.documentElement.scrollHeight')
    check('print: no more than twenty pages', height < 20 * 1100, f'{height} pixels')
    if driver.find_elements(By.ID, 'rows'):
        note = driver.find_element(By.CSS_SELECTOR, '.paper')
        check('print: what is left out is said', note.is_displayed() and 'On paper' in note.text)


def paper(driver):
    driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'media': 'print', 'features': []})
    driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': 800, 'height': 1100, 'deviceScaleFactor': 1, 'mobile': False})


def accessible(driver, look):
    """What axe-core finds."""
    driver.set_script_timeout(60)
    with open(os.environ['AXE'], encoding='utf-8') as f:
        driver.execute_script(f.read())
    found = driver.execute_async_script('''
        var done = arguments[0];
        axe.run(document, {resultTypes: ['violations']}).then(function (r) {
            done(r.violations.map(function (v) { return v.id + ': ' + v.nodes[0].html.slice(0, 200); })); });''')
    check(f'{look}: axe-core has nothing to say', found == [], str(found)[:600])


def first_screen(driver):
    """Which hop is bad, why, and what to do first, on a phone too."""
    driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': 390, 'height': 844, 'deviceScaleFactor': 1, 'mobile': True})
    for what, where in (('where it stops', '.why .where'), ('why', '.why'), ('what to do first', '.first')):
        found = driver.find_elements(By.CSS_SELECTOR, where)
        bottom = found[0].location['y'] + found[0].size['height'] if found else 9999
        check(f'phone: the first screen tells {what}', bottom < 844, str(bottom))
    driver.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})


def contrast(driver):
    """The least contrast of the kinds of text that carry a colour (WCAG 2)."""
    return driver.execute_script('''
        function rgb(c) { return c.match(/[0-9.]+/g).slice(0, 3).map(Number); }
        function lum(c) { var v = rgb(c).map(function (x) { x /= 255;
            return x <= .03928 ? x / 12.92 : Math.pow((x + .055) / 1.055, 2.4); });
            return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; }
        function ground(e) { for (; e; e = e.parentElement) { var c = getComputedStyle(e).backgroundColor;
            if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; }
        var least = 21;
        document.querySelectorAll('.verdict,.dim,.hops li,a,p,td,th,dd,dt,.txt').forEach(function (e) {
            var a = lum(getComputedStyle(e).color), b = lum(ground(e));
            var r = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            if (r < least) least = r; });
        return least;''')


def main():
    page, kind = sys.argv[1:3]
    folder = sys.argv[3] if len(sys.argv) > 3 else None
    driver = open_browser()
    try:
        driver.get('file://' + os.path.abspath(page))
        body = driver.find_element(By.TAG_NAME, 'body')
        if driver.find_element(By.CSS_SELECTOR, 'h1 .verdict').text == 'problem':
            first_screen(driver)
        check('the verdict is shown', driver.find_element(By.CSS_SELECTOR, 'h1 .verdict').is_displayed())
        check('the summary stands in the first screen',
              driver.find_element(By.TAG_NAME, 'h1').location['y'] < 200)
        if kind == 'long':
            paper(driver)
            printed(driver)
            return failures != 0
        links = driver.execute_script(
            'return Array.from(document.querySelectorAll("a[href^=\\"#\\"]")).filter(function (a) {'
            'return !document.getElementById(a.getAttribute("href").slice(1)); })'
            '.map(function (a) { return a.getAttribute("href"); })')
        check('every link leads somewhere', links == [], ' '.join(links))
        ids = driver.execute_script('var s = {}; return Array.from(document.querySelectorAll("[id]"))'
                                    '.map(function (e) { return e.id; }).filter(function (i) {'
                                    'var d = s[i]; s[i] = 1; return d; })')
        check('no id stands twice', ids == [], ' '.join(ids))
        outside = driver.execute_script('return performance.getEntriesByType("resource").length')
        check('nothing is loaded from outside', outside == 0, str(outside))
        check('pictures have names', driver.execute_script(
            'return Array.from(document.querySelectorAll("svg")).every(function (s) {'
            'return s.getAttribute("role") === "img" && s.querySelector("title"); })'))
        check('headings are in order', driver.execute_script(
            'var last = 0; return Array.from(document.querySelectorAll("h1,h2,h3")).every(function (h) {'
            'var n = +h.tagName[1], good = n <= last + 1; last = n; return good; })'))
        body.send_keys(Keys.TAB)
        check('the first Tab offers to skip', driver.switch_to.active_element.get_attribute('class') == 'skip')
        evidence = driver.find_elements(By.CSS_SELECTOR, '.finding li a')
        if evidence:
            target = evidence[0].get_attribute('href').split('#')[1]
            evidence[0].send_keys(Keys.ENTER)
            line = driver.find_element(By.ID, target)
            check('evidence leads to its line', driver.execute_script('return location.hash') == '#' + target)
            back = line.find_elements(By.CSS_SELECTOR, 'a.back')
            check('... which leads back', bool(back))
            if back:
                back[0].send_keys(Keys.ENTER)
                check('... to the evidence', '#e' in driver.current_url, driver.current_url)
        if kind == 'trace':
            rows = driver.find_elements(By.CSS_SELECTOR, '#rows tbody tr')
            text = driver.find_element(By.ID, 'filter-text')
            count = driver.find_element(By.ID, 'filter-count')
            text.send_keys('DHCSR')
            shown = [r for r in rows if r.is_displayed()]
            check('the filter shows what fits', 0 < len(shown) < len(rows) and
                  all('DHCSR' in r.text for r in shown), f'{len(shown)} of {len(rows)}')
            check('... and says how many', count.text == f'{len(shown)} of {len(rows)} transactions', count.text)
            hidden = next(r for r in rows if not r.is_displayed()).get_attribute('id')
            driver.execute_script(f'location.hash = "{hidden}"')
            driver.implicitly_wait(1)
            driver.find_element(By.CSS_SELECTOR, f'#{hidden}:not([hidden])')
            check('a link to a row that is filtered out shows it', driver.find_element(By.ID, hidden).is_displayed())
            Select(driver.find_element(By.ID, 'filter-kind')).select_by_value('bad')
            check('outcomes can be chosen', all(r.get_attribute('data-kind') == 'bad' or not r.is_displayed()
                                                for r in rows))
            Select(driver.find_element(By.ID, 'filter-kind')).select_by_value('all')
        check('no script of the input ran', driver.execute_script('return window.owned === undefined'))
        check('... and no element of it is there',
              not driver.find_elements(By.CSS_SELECTOR, 'img, iframe, object, main script, b.owned'))
        driver.execute_script('var s = document.createElement("script"); s.textContent = "window.owned = 1";'
                              'document.body.appendChild(s)')
        check('a script that is not ours would be refused',
              driver.execute_script('return window.owned === undefined'))
        log = [e for e in driver.get_log('browser') if 'Content Security Policy' not in e['message']]
        check('the console is empty but for that', log == [], str(log)[:300])
        driver.execute_script('scrollTo(0, 0)')
        shots(driver, folder, kind)
    finally:
        driver.quit()
    return failures != 0


sys.exit(main())
