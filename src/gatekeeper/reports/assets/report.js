// Filters, groups and opens findings. Text goes into the page as text nodes only: the page's
// policy refuses anything else.
"use strict";

(() => {
  const STEP = 100;
  const OPENED = 10;
  const WORDS = { new: "new", existing: "existing", waived: "waived", suppressed: "ignored inline" };
  const GROUPS = {
    blocks: "Blocks",
    new: "New, does not block",
    existing: "Existing, does not block",
    waived: "Waived",
    suppressed: "Ignored inline",
  };

  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("data").textContent);
  const findings = data.findings.map((row) => {
    const [rule, help, cwe] = data.rules[row[1]];
    return {
      id: row[0], rule, help, cwe, gate: data.gates[row[2]], rank: row[3],
      severity: data.severities[row[3]], state: data.states[row[4]], blocks: row[5] === 1,
      file: row[6], path: data.paths[row[6]], line: row[7], end: row[8], column: row[9],
      message: data.messages[row[10]], remark: data.remarks[row[11]],
      first: row[12], last: row[13], confidence: data.confidences[row[14]], text: "",
    };
  });

  // --- elements

  function element(name, looks, ...children) {
    const made = document.createElement(name);
    if (looks) made.className = looks;
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }

  // A message; what stands in backticks is code.
  function prose(name, looks, text) {
    const parts = text.split("`");
    if (parts.length % 2 === 0) return element(name, looks, text);
    return element(name, looks, ...parts.map((part, index) => (index % 2 ? element("code", "", part) : part)));
  }

  function place(it) {
    if (!it.path) return "the change as a whole";
    return it.path + (it.line ? ":" + it.line + (it.column ? ":" + it.column : "") : "");
  }

  function excerpt(it) {
    if (!it.first) return null;
    const lines = data.code[it.file];
    const rows = [];
    for (let number = it.first; number <= it.last; number += 1) {
      const text = lines[number];
      if (text === undefined) continue;
      const own = number >= it.line && number <= it.end;
      rows.push(element(own ? "mark" : "span", "line",
        element("span", "n", String(number)), element("span", "t", text || " ")));
    }
    if (it.end > it.last) {
      rows.push(element("span", "line",
        element("span", "n", String(it.last + 1)), element("span", "t", "…")));
    }
    return element("pre", "code", element("code", "", ...rows));
  }

  function body(it) {
    const facts = element("p", "facts",
      element("span", "", "gate " + it.gate),
      element("span", "", "confidence " + it.confidence),
      it.cwe ? element("span", "", it.cwe) : null);
    if (/^https?:\/\//.test(it.help)) {
      const about = element("a", "", "About " + it.rule);
      about.href = it.help;
      about.target = "_blank";
      about.rel = "noopener noreferrer";
      facts.append(about);
    }
    const own = element("a", "fingerprint", element("code", "", it.id));
    own.href = "#" + it.id;
    own.title = "Link to this finding";
    facts.append(own);
    return element("div", "body",
      it.message.includes("\n") ? prose("p", "full", it.message) : null,
      it.remark ? element("p", "remark", it.remark) : null,
      excerpt(it), facts);
  }

  function item(it, open) {
    const shown = element("details", "finding",
      element("summary", "",
        element("span", "severity " + it.severity, it.severity),
        prose("span", "message", it.message.split("\n", 1)[0]),
        element("span", "below",
          element("span", "place", place(it)), element("span", "rule", it.rule),
          it.blocks ? element("span", "state blocks", "blocks") : null,
          element("span", "state", WORDS[it.state]))));
    shown.id = it.id;
    // Most are never opened, so what is inside is made when one is.
    const fill = () => { if (!shown.querySelector(".body")) shown.append(body(it)); };
    shown.addEventListener("toggle", fill);
    if (open) { fill(); shown.open = true; }
    return element("li", "", shown);
  }

  // --- which ones, in which order

  const control = {};
  for (const name of ["search", "path", "gate", "severity", "state", "group"]) control[name] = at(name);
  const list = at("list");
  let wanted = findings;
  let titles = new Map();
  let shown = 0;

  function searched(it) {
    if (!it.text) {
      it.text = [it.message, it.path, it.rule, it.id, it.cwe, it.remark, it.gate].join("\n").toLowerCase();
    }
    return it.text;
  }

  const groupOf = {
    state: (it) => (it.blocks ? "blocks" : it.state),
    path: (it) => it.path,
    rule: (it) => it.rule,
  };

  function choose() {
    const words = control.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const path = control.path.value.trim().toLowerCase();
    const [severity, orWorse] = [control.severity.value.replace("-", ""), control.severity.value.startsWith("-")];
    const state = control.state.value;
    const gate = control.gate.value;
    wanted = findings.filter((it) =>
      (!severity || (orWorse ? it.rank <= Number(severity) : it.rank === Number(severity)))
      && (!gate || it.gate === gate)
      && (!state || (state === "blocks" ? it.blocks : it.state === state))
      && (!path || it.path.toLowerCase().includes(path))
      && words.every((word) => searched(it).includes(word)));
    const group = groupOf[control.group.value];
    const sizes = new Map();
    for (const it of wanted) sizes.set(group(it), (sizes.get(group(it)) || 0) + 1);
    if (control.group.value !== "state") {
      // The fullest group first; within it the order of importance stays.
      const order = [...sizes.keys()].sort((a, b) => sizes.get(b) - sizes.get(a) || (a < b ? -1 : 1));
      const rankOf = new Map(order.map((name, index) => [name, index]));
      wanted = wanted.slice().sort((a, b) => rankOf.get(group(a)) - rankOf.get(group(b)));
    }
    titles = sizes;
    at("count").textContent = wanted.length === findings.length
      ? findings.length.toLocaleString("en") + " findings"
      : wanted.length.toLocaleString("en") + " of " + findings.length.toLocaleString("en") + " findings";
  }

  function heading(name) {
    const text = control.group.value === "state" ? GROUPS[name] : name || "the change as a whole";
    return element("h3", "group", element("span", "", text),
      element("span", "number", titles.get(name).toLocaleString("en")));
  }

  function extend(count, opened) {
    const group = groupOf[control.group.value];
    const until = Math.min(shown + count, wanted.length);
    let last = shown ? group(wanted[shown - 1]) : undefined;
    let into = list.lastElementChild;
    const fresh = document.createDocumentFragment();
    for (let index = shown; index < until; index += 1) {
      const it = wanted[index];
      if (index === 0 || group(it) !== last) {
        last = group(it);
        into = element("ol", "list");
        fresh.append(heading(last), into);
      }
      into.append(item(it, it.blocks && index < opened));
    }
    list.append(fresh);
    shown = until;
    at("pager").hidden = shown >= wanted.length;
    const next = Math.min(STEP, wanted.length - shown);
    at("more").textContent = "Show " + next + " more";
    at("all").textContent = "Show all " + wanted.length.toLocaleString("en");
  }

  function draw(count = STEP, opened = OPENED) {
    list.replaceChildren();
    shown = 0;
    if (!wanted.length) list.append(element("p", "quiet", "Nothing matches these filters."));
    else extend(count, opened);
    at("expand").textContent = "Expand all";
  }

  function update() { choose(); draw(); }

  // --- what people do

  function reveal(focus) {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id || !findings.some((it) => it.id === id)) return;
    if (!wanted.some((it) => it.id === id)) { at("filters").reset(); choose(); draw(); }
    const index = wanted.findIndex((it) => it.id === id);
    if (index >= shown) extend(index + 20 - shown, 0);
    for (const old of list.querySelectorAll(".target")) old.classList.remove("target");
    const details = at(id);
    details.open = true;
    details.classList.add("target");
    details.scrollIntoView({ block: "center", behavior: "instant" });
    if (focus) details.querySelector("summary").focus({ preventScroll: true });
  }

  function show(count) {
    const before = shown;
    extend(count, 0);
    const next = list.querySelectorAll("summary")[before];
    if (next) next.focus({ preventScroll: true });
  }

  function expand() {
    const open = at("expand").textContent === "Expand all";
    for (const details of list.querySelectorAll("details")) {
      if (open) details.dispatchEvent(new Event("toggle"));
      details.open = open;
    }
    at("expand").textContent = open ? "Collapse all" : "Expand all";
  }

  function narrow(link) {
    at("filters").reset();
    if (link.dataset.path !== undefined) control.path.value = link.dataset.path;
    if (link.dataset.rule !== undefined) control.search.value = link.dataset.rule;
    if (link.dataset.severity !== undefined) control.severity.value = link.dataset.severity;
    update();
  }

  if (findings.length) {
    let waiting = 0;
    at("filters").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(update, 80);
    });
    at("filters").addEventListener("reset", () => setTimeout(update));
    at("filters").addEventListener("submit", (event) => event.preventDefault());
    at("more").addEventListener("click", () => show(STEP));
    at("all").addEventListener("click", () => show(wanted.length));
    at("expand").addEventListener("click", expand);
    for (const link of document.querySelectorAll(".bars a.name")) {
      link.addEventListener("click", () => narrow(link));
    }
    window.addEventListener("hashchange", () => reveal(true));
    window.addEventListener("beforeprint", () => {
      wanted = findings.filter((it) => it.blocks);
      titles = new Map([["blocks", wanted.length]]);
      control.group.value = "state";
      draw(wanted.length, wanted.length);
      if (wanted.length < findings.length) {
        const rest = (findings.length - wanted.length).toLocaleString("en");
        list.append(element("p", "quiet", rest + " findings that do not block are not printed."));
      }
    });
    window.addEventListener("afterprint", update);
    at("filters").hidden = false;
    update();
    reveal(false);
  }

  // --- light and dark

  const theme = at("theme");
  const keep = (value) => { try { localStorage.setItem("gatekeeper-theme", value); } catch { /* a file may keep nothing */ } };
  const kept = () => { try { return localStorage.getItem("gatekeeper-theme") || ""; } catch { return ""; } };
  const paint = (value) => {
    if (value === "light" || value === "dark") document.documentElement.dataset.theme = value;
    else delete document.documentElement.dataset.theme;
  };
  theme.value = ["light", "dark"].includes(kept()) ? kept() : "";
  paint(theme.value);
  theme.addEventListener("change", () => { paint(theme.value); keep(theme.value); });
  at("theme-field").hidden = false;
})();
