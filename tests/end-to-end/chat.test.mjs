// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { path, program, repository } from "../../scripts/repository.mjs";
import { openPage, startBrowser } from "./support/browser.mjs";
import { finish } from "./support/command.mjs";
import { suiteOwner } from "./support/environment.mjs";
import { Server } from "./support/server.mjs";

/** @typedef {import("playwright-core").Page} Page */

suite("examples/chat", () => {
  const owner = suiteOwner(after);
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Server} */
  let server;

  before(async () => {
    [browser, server] = await Promise.all([startBrowser(owner), startChat(owner)]);
  });

  /**
   * @param {string} room
   * @param {string} name
   */
  async function enter(room, name) {
    const page = await openPage(browser, `${server.origin}/#${room}`);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Come in" }).click();
    await page.getByText("Connected").waitFor();
    return page;
  }

  test("two pages in one room hear each other, and see who is there; others don't", async () => {
    const [ada, grace, linus] = await Promise.all([
      enter("two", "Ada"),
      enter("two", "Grace"),
      enter("elsewhere", "Linus"),
    ]);
    for (const page of [ada, grace]) await people(page, "Ada", "Grace");
    await people(linus, "Linus");

    await say(ada, "<b>Hello</b>");
    await message(grace, "<b>Hello</b>");
    await grace.getByLabel("Message", { exact: true }).pressSequentially("…");
    await ada.getByText("Grace is typing").waitFor();
    await say(grace, "Good morning");
    await message(ada, "Good morning");
    await message(grace, "Good morning");
    assert.deepEqual(await texts(ada), ["<b>Hello</b>", "Good morning"]);
    assert.deepEqual(await texts(linus), []);

    await grace.close();
    await people(ada, "Ada");
  });

  test("a page that is loaded again shows what was said, once and in order", async () => {
    const page = await enter("again", "Ada");
    for (let i = 1; i <= 60; i++) await say(page, `message ${i}`);
    await message(page, "message 60");
    await page.reload();
    await message(page, "message 60");
    await page.getByRole("button", { name: "Earlier messages" }).click();
    await message(page, "message 1");
    const all = Array.from({ length: 60 }, (_, i) => `message ${i + 1}`);
    assert.deepEqual(await texts(page), all);
    await page.getByRole("button", { name: "Earlier messages" }).waitFor({ state: "hidden" });
  });

  test("a message that breaks a rule: the page shows the close code and the reason, and comes back", async () => {
    const page = await enter("rules", "Ada");
    await page.evaluate(`document.getElementById("text").removeAttribute("maxlength")`);
    await say(page, "x".repeat(501));
    const notice = page.getByRole("alert");
    await notice.waitFor();
    assert.match((await notice.textContent()) ?? "", /\(1007\): invalid message: \/text: length too long \(got 501,/);
    await page.getByText("Connected").waitFor();
    await say(page, "shorter");
    await message(page, "shorter");
    assert.deepEqual(await texts(page), ["shorter"]);
  });

  test("the server stops: the page says so and keeps what is typed; when it is back, so is the page", async (context) => {
    const own = await startChat(context);
    const page = await openPage(browser, `${own.origin}/#stop`);
    await page.getByLabel("Your name").fill("Ada");
    await page.getByRole("button", { name: "Come in" }).click();
    await page.getByText("Connected").waitFor();

    assert.equal(await own.stop(), 0);
    await page.getByText("Connection lost").waitFor();
    await say(page, "Still here?");
    assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "Still here?");

    await startChat(context, new URL(own.origin).port);
    await page.getByText("Connected").waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await message(page, "Still here?");
  });

  test("its client is the one that the host makes", async () => {
    const args = ["gen", "client", "examples/chat", "--services", "rooms", "--lang", "js"];
    const made = await finish(program, args, { cwd: repository });
    assert.equal(made.code, 0, made.stderr);
    assert.equal(readFileSync(path("examples/chat/page/public/client.js"), "utf8"), made.stdout);
  });
});

/**
 * @param {{ after: (work: () => void) => unknown }} owner
 * @param {string} [port]
 */
function startChat(owner, port = "0") {
  return Server.start(owner, program, ["run", "examples/chat", "--port", port], { cwd: repository });
}

/**
 * @param {Page} page
 * @param {string} text
 */
async function say(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
}

/**
 * Waits for a message.
 * @param {Page} page
 * @param {string} text
 */
async function message(page, text) {
  await page.getByRole("log").getByText(text, { exact: true }).waitFor();
}

/**
 * Waits until these are in the room, and nobody else.
 * @param {Page} page
 * @param {...string} names
 */
async function people(page, ...names) {
  const listed = page.locator("#people").filter({ hasText: new RegExp(`^${names.join("")}$`) });
  await listed.waitFor();
}

/** @param {Page} page */
async function texts(page) {
  return await page.getByRole("log").locator("p + p").allTextContents();
}
