"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remember = {
    get(key) { try { return localStorage.getItem("faktenblatt." + key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem("faktenblatt." + key, value); } catch { /* private window */ } },
  };

  // Light and dark: the system's choice until the reader makes one.
  const theme = byId("theme");
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { if (theme) theme.textContent = isDark() ? "Light" : "Dark"; };
  nameTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  theme?.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember.set("theme", root.dataset.theme);
    nameTheme();
  });
  const query = byId("q");
  if (!query) return;

  const tools = document.querySelector(".tools");
  const fold = document.querySelector(".tools-fold");
  const status = byId("status");
  const nothing = byId("nothing");
  const kind = byId("kind");
  const least = byId("least");
  const sort = byId("sort");
  const unfold = byId("unfold");
  const outletBoxes = all("input[name=outlet]");
  const showRadios = all("input[name=show]");
  if (matchMedia("(max-width: 67.99rem)").matches) fold.open = false;
  fold.classList.add("settled");

  // Search ignores case and accents and reads German umlauts either way (ü, u, ue).
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss").replace(/\s+/g, " ");
  const spelled = (text) => text.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss").replace(/\s+/g, " ");
  const facts = all(".fact").map((element, place) => {
    const text = element.textContent;
    return {
      element, place,
      section: element.parentElement,
      plain: plain(text),
      spelled: spelled(text),
      outlets: element.dataset.outlets.split(" "),
      kinds: element.dataset.kinds.split(" "),
      first: element.dataset.first || "9999",
      event: element.dataset.event || "9999",
      title: element.querySelector(".target").textContent,
    };
  });
  const byAnchor = new Map(facts.map((fact) => [fact.element.id, fact]));
  const conflicts = all(".conflict").map((element) => ({
    element, facts: all("[data-fact]", element).map((side) => byAnchor.get(side.dataset.fact)),
  }));
  const sections = all("section[data-facts]");
  const disagree = byId("disagree");

  const state = () => ({
    words: query.value.trim().split(/\s+/).filter(Boolean).map((word) => [plain(word), spelled(word)]),
    kind: kind.value,
    least: Number(least.value),
    outlets: outletBoxes.filter((box) => box.checked).map((box) => box.value),
    everyOutlet: outletBoxes.every((box) => box.checked),
  });
  const fits = (fact, wanted) =>
    (!wanted.kind || fact.kinds.includes(wanted.kind)) &&
    fact.outlets.length >= wanted.least &&
    (wanted.everyOutlet || fact.outlets.some((outlet) => wanted.outlets.includes(outlet))) &&
    wanted.words.every(([bare, long]) => fact.plain.includes(bare) || fact.spelled.includes(long));

  const filter = () => {
    const wanted = state();
    let shown = 0;
    for (const fact of facts) {
      fact.shown = fits(fact, wanted);
      if (fact.element.hidden === fact.shown) fact.element.hidden = !fact.shown;
      shown += fact.shown;
    }
    const narrowed = shown < facts.length;
    for (const section of sections) section.hidden = narrowed && !facts.some((fact) => fact.shown && fact.section === section);
    const wantsConflicts = !wanted.kind || wanted.kind === "disagree";
    for (const conflict of conflicts) conflict.element.hidden = !(wantsConflicts && conflict.facts.some((fact) => fact?.shown));
    disagree.hidden = narrowed && conflicts.every((conflict) => conflict.element.hidden);
    nothing.hidden = shown > 0 || facts.length === 0;
    status.textContent = narrowed
      ? `${shown.toLocaleString("en")} of ${facts.length.toLocaleString("en")} facts`
      : `${facts.length.toLocaleString("en")} ${facts.length === 1 ? "fact" : "facts"}`;
    tint();
    keepAddress();
  };

  // The words sought are tinted where they stand, without touching the page's structure.
  const MOST_TINTED = 1000;
  const tint = () => {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("sought");
    const words = query.value.trim().toLowerCase().split(/\s+/).filter((word) => word.length > 1);
    if (!words.length) return;
    const ranges = [];
    for (const fact of facts) {
      if (!fact.shown || ranges.length >= MOST_TINTED) continue;
      const walker = document.createTreeWalker(fact.element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue;
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("sought", new Highlight(...ranges));
  };

  const order = () => {
    const key = sort.value;
    const compare = {
      "": (a, b) => a.place - b.place,
      event: (a, b) => (a.event < b.event ? -1 : a.event > b.event ? 1 : a.place - b.place),
      first: (a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.place - b.place),
      text: (a, b) => a.title.localeCompare(b.title, "en") || a.place - b.place,
    }[key];
    for (const section of sections) {
      const sorted = facts.filter((fact) => fact.section === section).sort(compare);
      section.append(...sorted.map((fact) => fact.element));
    }
    keepAddress();
  };

  const show = (value) => {
    root.dataset.show = value;
    for (const radio of showRadios) radio.checked = radio.value === value;
    keepAddress();
  };

  // The address holds the filters, so that a filtered sheet can be bookmarked or sent.
  let settled = false;
  const keepAddress = () => {
    if (!settled) return;
    const wanted = new URLSearchParams();
    if (query.value) wanted.set("q", query.value);
    if (kind.value) wanted.set("section", kind.value);
    if (least.value !== "1") wanted.set("least", least.value);
    if (sort.value) wanted.set("sort", sort.value);
    if (root.dataset.show !== "both") wanted.set("show", root.dataset.show);
    if (!outletBoxes.every((box) => box.checked)) wanted.set("outlets", outletBoxes.filter((box) => box.checked).map((box) => box.value).join("."));
    const text = wanted.toString();
    try { history.replaceState(null, "", (text ? "?" + text : location.pathname) + location.hash); } catch { /* a file page may not */ }
  };
  const readAddress = () => {
    const given = new URLSearchParams(location.search);
    const choose = (select, value) => { if (value && [...select.options].some((option) => option.value === value)) select.value = value; };
    query.value = given.get("q") ?? "";
    choose(kind, given.get("section"));
    choose(least, given.get("least"));
    choose(sort, given.get("sort"));
    if (given.has("outlets")) {
      const wanted = given.get("outlets").split(".");
      for (const box of outletBoxes) box.checked = wanted.includes(box.value);
    }
    if (["target", "source"].includes(given.get("show"))) show(given.get("show"));
  };
  const reset = () => {
    query.value = ""; kind.value = ""; least.value = "1"; sort.value = "";
    for (const box of outletBoxes) box.checked = true;
    show("both"); order(); filter();
  };

  // A deep link must reach its fact even where a filter hides it.
  const reveal = () => {
    const fact = byAnchor.get(location.hash.slice(1));
    if (!fact) return;
    if (fact.element.hidden) reset();
    fact.element.scrollIntoView({ block: "start" });
    fact.element.focus({ preventScroll: true });
  };

  const openAll = (open) => {
    for (const details of all(".wordings")) details.open = open;
    unfold.setAttribute("aria-pressed", String(open));
    unfold.textContent = open ? "Close all wordings" : "Open all wordings";
  };

  const copy = async (fact) => {
    const text = fact.querySelector(".cite-text").textContent;
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    const number = fact.querySelector(".no").textContent.trim();
    status.textContent = done ? `Citation copied: ${number}` : "The browser did not allow copying";
    const button = fact.querySelector(".copy");
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = "Copy citation"; }, 2000);
  };

  const current = () => document.activeElement?.closest?.(".fact");
  const move = (step) => {
    const shown = all(".fact:not([hidden])").filter((element) => !element.closest("section[hidden]"));
    if (!shown.length) return;
    const here = current();
    let next;
    if (here) next = shown[Math.min(shown.length - 1, Math.max(0, shown.indexOf(here) + step))];
    else next = step > 0 ? shown.find((element) => element.getBoundingClientRect().top >= 0) ?? shown.at(-1) : shown.findLast((element) => element.getBoundingClientRect().top < 0) ?? shown[0];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const help = byId("help");
  const keysOn = byId("keys-on");
  keysOn.checked = remember.get("keys") !== "off";
  keysOn.addEventListener("change", () => remember.set("keys", keysOn.checked ? "on" : "off"));
  byId("keys").addEventListener("click", () => help.showModal());

  const actions = {
    "/": () => { fold.open = true; query.focus(); },
    j: () => move(1),
    k: () => move(-1),
    o: () => { const details = current()?.querySelector(".wordings"); if (details) details.open = !details.open; },
    c: () => { const fact = current(); if (fact) copy(fact); },
    b: () => show("both"),
    e: () => show("target"),
    d: () => show("source"),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === query && query.value) { query.value = ""; filter(); return; }
    if (!keysOn.checked || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  for (const control of [kind, least, ...outletBoxes]) control.addEventListener("change", filter);
  for (const radio of showRadios) radio.addEventListener("change", () => show(radio.value));
  sort.addEventListener("change", order);
  tools.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  byId("reset").addEventListener("click", reset);
  byId("reset-2").addEventListener("click", () => { reset(); query.focus(); });
  unfold.addEventListener("click", () => openAll(unfold.getAttribute("aria-pressed") !== "true"));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".copy");
    if (button) copy(button.closest(".fact"));
  });
  addEventListener("hashchange", reveal);

  readAddress();
  if (sort.value) order();
  filter();
  settled = true;
  reveal();
})();
