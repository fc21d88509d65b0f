"use strict";
// The one script of the report and of the frames that it searches: what a record says is only ever
// set as text.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
const byId = (id) => document.getElementById(id);

// A frame: keeps the rows of a file, and answers the page.
const answer = (holder) => {
  const all = JSON.parse(holder.textContent);
  let known;
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent) return;
    if ("place" in event.data) {
      window.parent.postMessage({ place: event.data.place, row: all[event.data.place] }, "*");
      return;
    }
    known ??= all.map((row) => [plain(row[1].join("\n")), row]);
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

// Elements that hold text, and others in them.
const made = (tag, text, ...inner) => {
  const element = document.createElement(tag);
  if (text !== null) element.textContent = text;
  element.append(...inner);
  return element;
};
const classed = (element, name) => {
  element.className = name;
  return element;
};

// A frame with some entities or stories; asked for one of them, it calls back.
const frames = new Map();
const unfold = (file, place, show) => {
  const known = frames.get(file);
  if (known) {
    known.waiting.push([place, show]);
    if (known.isReady) known.frame.contentWindow.postMessage({ place }, "*");
    return;
  }
  const frame = made("iframe", null);
  frame.hidden = true;
  frame.title = "What is unfolded";
  frame.src = `report/further-${String(file).padStart(3, "0")}.html`;
  frames.set(file, { frame, isReady: false, waiting: [[place, show]] });
  document.body.append(frame);
};
window.addEventListener("message", ({ source, data }) => {
  for (const known of frames.values()) {
    if (source !== known.frame.contentWindow) continue;
    if (data.ready) {
      known.isReady = true;
      for (const [place] of known.waiting) source.postMessage({ place }, "*");
    }
    if (!("place" in data)) continue;
    for (const [place, show] of known.waiting) if (place === data.place) show(data.row);
    known.waiting = known.waiting.filter(([place]) => place !== data.place);
  }
});

// What a row of such a frame tells.
const drawn = ([kind, ...row]) => {
  const body = classed(made("div", null), "body");
  const where = (...texts) => classed(made("div", null, ...texts.flatMap((text) => [made("bdi", text), " "])), "where");
  if (kind === 1) {
    const [documents, count] = row;
    const articles = documents.map(([title, language, day, uri, lines]) => {
      const text = classed(made("div", lines), "text");
      text.dir = "auto";
      return made("article", null, made("b", null, made("bdi", title)), where(language, ...(day ? [day] : []), uri), text);
    });
    body.append(classed(made("div", null, ...articles), "beside"));
    if (documents.length < count) body.append(classed(made("p", `${documents.length} of ${count} documents`), "soft"));
    return body;
  }
  const [scripts, documents, count] = row, table = made("table", null);
  const heads = ["Name", "Languages", "Mentions", "Joined by", "With"].map((head) => made("th", head));
  table.append(made("tr", null, ...heads));
  for (const [script, number, names] of scripts) {
    const head = made("th", `${script}: ${number} name${number === 1 ? "" : "s"}`);
    head.colSpan = 5;
    head.scope = "rowgroup";
    table.append(made("tr", null, head));
    for (const [name, languages, mentions, joined, other] of names) {
      const cells = [languages, String(mentions), joined].map((text) => made("td", text));
      table.append(made("tr", null, made("td", null, made("bdi", name)), ...cells, made("td", null, made("bdi", other ?? ""))));
    }
  }
  const box = classed(made("div", null, table), "scroll");
  box.tabIndex = 0;
  const items = documents.map(([title, language, mentions, uri]) =>
    made("li", null, made("bdi", title), where(language, `${mentions} mention${mentions === 1 ? "" : "s"}`, uri)));
  body.append(box, made("p", `${documents.length} of ${count} document${count === 1 ? "" : "s"}`), classed(made("ul", null, ...items), "samples"));
  return body;
};

// The page: asks one frame after the other, and shows what comes first.
const search = (form) => {
  const most = 50, hits = byId("hits"), told = byId("found"), frames = [];
  const choices = ["kind", "label", "language", "site", "month"];
  const field = (name) => form.querySelector(`[name="${name}"]`);
  const named = (name, place) => field(name).querySelector(`[value="${place}"]`)?.textContent;
  let turn = 0, count = 0, answered = 0;
  form.hidden = false;

  const item = ([kind, names, label, languages, , , documents, address]) => {
    const isPage = typeof address === "string", isFurther = typeof address === "number";
    const name = made(isPage ? "a" : "b", null, made("bdi", names[0]));
    if (isPage) name.href = `report/${address}`;
    const spoken = languages.map((place) => named("language", place)).filter(Boolean).join(", ");
    const told = `${documents.toLocaleString("en")} document${documents === 1 ? "" : "s"}; ${spoken}`;
    const parts = [name, " "];
    if (kind === 0) parts.push(made("small", named("label", label) ?? ""), " ");
    for (const other of names.slice(1, 12)) parts.push(made("bdi", other), " ");
    parts.push(classed(made("span", told), "where"));
    if (!isFurther) return made("li", null, ...parts);
    const entry = made("details", null, made("summary", null, ...parts)), per = Number(form.dataset.further);
    entry.addEventListener("toggle", () => {
      const show = (row) => entry.append(drawn(row));
      if (entry.open) unfold(Math.floor(address / per), address % per, show);
    }, { once: true });
    return made("li", null, entry);
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
