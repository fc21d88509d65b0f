"use strict";
// The one script of the report and of the frames that it searches: what a record says is only ever
// set as text.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
const byId = (id) => document.getElementById(id);

// A frame: keeps the rows of a file, and answers the page.
const answer = (rows) => {
  const known = JSON.parse(rows.textContent).map((row) => [plain(row[1].join("\n")), row]);
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent) return;
    const { turn, words, kind, label, language, site, month, most } = event.data;
    const holds = (choice, places) => choice === "" || places.includes(Number(choice));
    const fits = ([names, row]) =>
      (kind === "" || row[0] === Number(kind)) && (label === "" || row[2] === Number(label)) &&
      holds(language, row[3]) && holds(site, row[4]) && holds(month, row[5]) &&
      words.every((word) => names.includes(word));
    const found = known.filter(fits);
    const rows = found.slice(0, most).map((entry) => entry[1]);
    window.parent.postMessage({ turn, count: found.length, rows }, "*");
  });
  window.parent.postMessage({ ready: true }, "*");
};

// The page: asks one frame after the other, and shows what comes first.
const search = (form) => {
  const most = 50, hits = byId("hits"), told = byId("found"), frames = [];
  const choices = ["kind", "label", "language", "site", "month"];
  const field = (name) => form.querySelector(`[name="${name}"]`);
  const named = (name, place) => field(name).querySelector(`[value="${place}"]`)?.textContent;
  let turn = 0, count = 0, answered = 0;
  form.hidden = false;

  const item = ([kind, names, label, languages, , , documents, address, notes]) => {
    const entry = document.createElement("li"), where = document.createElement("div");
    const name = document.createElement(address ? "a" : "b");
    const put = (parent, tag, text) => {
      const made = document.createElement(tag);
      made.textContent = text;
      parent.append(made, " ");
    };
    if (address) name.href = `report/${address}`;
    name.append(document.createElement("bdi"));
    name.firstChild.textContent = names[0];
    entry.append(name, " ");
    if (kind === 0) put(entry, "small", named("label", label) ?? "");
    for (const other of names.slice(1, 12)) put(entry, "bdi", other);
    where.className = "where";
    const spoken = languages.map((place) => named("language", place)).filter(Boolean).join(", ");
    put(where, "span", `${documents.toLocaleString("en")} document${documents === 1 ? "" : "s"}; ${spoken}`);
    for (const note of address ? [] : notes) put(where, "bdi", `· ${note}`);
    entry.append(where);
    return entry;
  };
  const ask = (frame) => frame.contentWindow.postMessage({
    turn, most, words: plain(field("words").value).split(/\s+/).filter(Boolean),
    ...Object.fromEntries(choices.map((name) => [name, field(name).value])),
  }, "*");
  const start = () => {
    turn += 1, count = answered = 0;
    hits.replaceChildren();
    if (frames.length === 0) load();
    else if (frames[0].isReady) ask(frames[0]);
  };
  const load = () => {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = "What is searched";
    frame.src = `report/search-${String(frames.length).padStart(3, "0")}.html`;
    frames.push(frame);
    document.body.append(frame);
    if (!told.textContent) told.textContent = "Reading…";
    setTimeout(() => {
      if (!frame.isReady) told.textContent = "The folder “report” is not beside this page: search needs it.";
    }, 8000);
  };
  window.addEventListener("message", ({ source, data }) => {
    const frame = frames.find((known) => known.contentWindow === source);
    if (!frame) return;
    if (data.ready) {
      frame.isReady = true;
      if (answered === frames.indexOf(frame)) ask(frame);
      return;
    }
    if (data.turn !== turn) return;
    count += data.count, answered += 1;
    hits.append(...data.rows.slice(0, most - hits.childElementCount).map(item));
    const files = Number(form.dataset.files), isMore = answered < files;
    told.textContent = `${count.toLocaleString("en")} found` + (count > most ? `, the first ${most} shown` : "") +
      (isMore ? ` (${answered} of ${files} files read)` : "");
    if (isMore) {
      if (answered === frames.length) load();
      else if (frames[answered].isReady) ask(frames[answered]);
    }
  });
  form.addEventListener("focusin", () => { if (frames.length === 0) start(); });
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(start, 150);
  });
};

// The documents of the page: hides those without some words.
const filter = (box) => {
  const shown = byId("filter-shown"), documents = [...document.querySelectorAll("details.document")];
  box.closest("label").hidden = false;
  box.addEventListener("input", () => {
    const words = plain(box.value).trim();
    let count = 0;
    for (const entry of documents) {
      entry.hidden = !plain(entry.textContent).includes(words);
      count += entry.hidden ? 0 : 1;
    }
    shown.textContent = words ? `${count} of ${documents.length}` : "";
  });
};

if (byId("rows")) answer(byId("rows"));
if (byId("search-form")) search(byId("search-form"));
if (byId("filter")) filter(byId("filter"));
