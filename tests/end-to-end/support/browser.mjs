// @ts-check
import { chromium } from "playwright-core";

/** Longer than a page takes for anything, even while other tests use the processors. */
const limitMilliseconds = 60_000;

/**
 * Chromium without a window, as Debian packages it; `.ci/debian-packages.sh chromium` installs it.
 * @param {{ after: (work: () => void) => unknown }} owner whose end is the browser's
 */
export async function startBrowser(owner) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Its sandbox needs rights that containers don't give; the pages are our own.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  owner.after(() => void browser.close());
  return browser;
}

/**
 * A page with cookies and storage of its own, as another visitor has it.
 * @param {import("playwright-core").Browser} browser
 * @param {string} address
 */
export async function openPage(browser, address) {
  const context = await browser.newContext();
  context.setDefaultTimeout(limitMilliseconds);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
