// Opens pages as told on standard input, and says on standard output what happened.
//
// A job: {file, hash?, scheme?, width?, height?, javascript?, actions?, axe?, print?, picture?, whole?}.
// An action is an expression for the page, or [method of the page, arguments…]. The answer:
// {opened (ms until `load`), busy (s of the page's own thread), errors, values, violations}.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";

const OPTIONS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update",
];

async function executable() {
  if (process.env.GATEKEEPER_TEST_BROWSER) return process.env.GATEKEEPER_TEST_BROWSER;
  // This makes the package bring the libraries that a bare machine lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  const { default: bundled } = await import("@sparticuz/chromium");
  const path = await bundled.executablePath();
  // It also brings fonts, with settings that look for them in /tmp only. Without any, it crashes.
  const settings = `${tmpdir()}/fonts.conf`;
  const folders = `<dir>${tmpdir()}/fonts</dir><cachedir>${tmpdir()}/fonts-cache</cachedir>`;
  writeFileSync(`${settings}.${process.pid}`, `<?xml version="1.0"?><fontconfig>${folders}</fontconfig>`);
  renameSync(`${settings}.${process.pid}`, settings);
  process.env.FONTCONFIG_FILE = settings;
  return path;
}

async function perform(browser, job) {
  const context = await browser.newContext({
    colorScheme: job.scheme ?? "light",
    viewport: { width: job.width ?? 1280, height: job.height ?? 900 },
    javaScriptEnabled: job.javascript ?? true,
    // axe and actions run through the debugger, so the page's own policy stays in force.
    offline: true,
  });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (said) => { if (["error", "warning"].includes(said.type())) errors.push(said.text()); });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("dialog", (dialog) => { errors.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith("file:")) errors.push(`request: ${request.url()}`); });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const begun = performance.now();
  await page.goto(`file://${job.file}${job.hash ?? ""}`);
  const answer = { opened: performance.now() - begun, errors, values: [] };
  const { metrics } = await devtools.send("Performance.getMetrics");
  answer.busy = metrics.find((metric) => metric.name === "TaskDuration").value;
  for (const action of job.actions ?? []) {
    if (typeof action === "string") answer.values.push(await page.evaluate(action));
    else await page[action[0]](...action.slice(1));
  }
  if (job.axe) {
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    answer.violations = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document);
      return violations.map((it) => `${it.id}: ${it.nodes[0].html.slice(0, 200)} ${it.nodes[0].failureSummary}`);
    });
  }
  if (job.print) await page.pdf({ path: job.print, format: "A4", printBackground: true });
  if (job.picture) await page.screenshot({ path: job.picture, fullPage: job.whole ?? false });
  await context.close();
  return answer;
}

const jobs = JSON.parse(readFileSync(0, "utf8"));
const { chromium } = await import("playwright-core");
const browser = await chromium.launch({ executablePath: await executable(), args: OPTIONS });
const answers = [];
try {
  for (const job of jobs) answers.push(await perform(browser, job));
  console.log(JSON.stringify({ version: browser.version(), answers }));
} finally {
  await browser.close();
}
