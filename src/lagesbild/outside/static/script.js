"use strict";
// Comfort, never need: without this file every page says the same. All state lives in the address.
(() => {
  const root = document.documentElement;
  const swedish = root.lang === "sv";
  const say = (sv, en) => (swedish ? sv : en);
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
  const bare = (text) => plain(text).replace(/\b(kommuns?|stads?|lans?|municipality|county|city|of)\b/g, "").replace(/s\b/g, "").replace(/\s+/g, " ").trim();

  // Edit distance, so that a slip of the finger still finds the place (Damerau and Levenshtein, adjacent swaps).
  const distance = (a, b) => {
    const rows = [[...Array(b.length + 1).keys()]];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        const cost = a[i - 1] === b[j - 1] ? 0 : 1;
        row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
      rows.push(row);
    }
    return rows[a.length][b.length];
  };
  const closeness = (query, name) => {
    if (name === query) return 0;
    if (name.startsWith(query)) return 1 + (name.length - query.length) / 100;
    if (name.split(" ").some((word) => word.startsWith(query))) return 2;
    if (query.length < 3) return Infinity;
    const gap = Math.min(distance(query, name), distance(query, name.slice(0, query.length)) + 0.5);
    return gap <= Math.max(1, Math.floor(query.length / 4)) ? 3 + gap : Infinity;
  };
  const find = (places, query) => {
    const wanted = bare(query) || plain(query);
    if (!wanted) return [];
    if (/^\d{2,4}$/.test(wanted)) return places.filter((each) => each[2].includes(`/${wanted}-`)).map(([name, , path]) => ({ name, path, rank: 0 }));
    return places
      .map(([name, key, path]) => ({ name, path, rank: Math.min(closeness(plain(query), plain(name)) - 0.1, closeness(wanted, bare(name)), closeness(wanted, bare(key.replace(/-/g, " ")))) }))
      .filter((each) => each.rank < Infinity)
      .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, "sv"));
  };

  let index;
  const places = () => (index ??= fetch(document.querySelector("form[role=search]").dataset.index).then((answer) => answer.json()));

  // One clear match goes straight to its page; otherwise the list of all places takes over.
  for (const form of document.querySelectorAll("form[role=search]")) {
    const input = form.querySelector("input");
    input.addEventListener("focus", () => places().catch(() => {}), { once: true });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const found = await places().then((all) => find(all, input.value)).catch(() => []);
      const clear = found.length === 1 || (found.length > 1 && found[0].rank <= 0 && found[1].rank > 0.5) ||
        (found.length > 1 && found[0].rank < 2 && found[1].rank >= 3);
      location.href = clear ? found[0].path : `${form.action}?q=${encodeURIComponent(input.value)}`;
    });
  }
  const status = document.getElementById("found");
  const query = new URLSearchParams(location.search).get("q");
  if (status && query) {
    document.getElementById("q").value = query;
    places().then((all) => {
      const found = find(all, query).slice(0, 12);
      const hits = found.length === 1 ? say("1 träff", "1 match") : say(`${found.length} träffar`, `${found.length} matches`);
      status.textContent = found.length ? `${hits}: ` : say("Inget liknar det. Hela listan står nedanför.", "Nothing resembles that. The whole list is below.");
      found.forEach((each, i) => {
        const link = Object.assign(document.createElement("a"), { href: each.path, textContent: each.name });
        status.append(i ? ", " : "", link);
      });
    });
  }

  // Tables: sort by a column, filter by a word.
  const number = (text) => {
    const found = text.replace(/[\u202f\u00a0]/g, "").match(/^[−-]?[\d.,]+/);
    if (!found) return null;
    const cleaned = swedish ? found[0].replace(",", ".") : found[0].replace(/,/g, "");
    return parseFloat(cleaned.replace("−", "-"));
  };
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x !== null && y !== null) return x - y;
    if ((x === null) !== (y === null)) return x === null ? 1 : -1;
    return a.localeCompare(b, "sv");
  };
  const keep = (key, value) => {
    const state = new URLSearchParams(location.search);
    if (value) state.set(key, value); else state.delete(key);
    const text = String(state);
    history.replaceState(null, "", (text ? `?${text}` : location.pathname) + location.hash);
  };
  for (const table of document.querySelectorAll("table[data-sort]")) {
    const body = table.tBodies[0];
    const key = table.dataset.sort;
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const sort = (column, down) => {
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].textContent.trim();
      const numeric = original.some((row) => number(value(row)) !== null);
      body.append(...[...original].sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        const known = (number(x) === null) - (number(y) === null);
        return (numeric && known) || (down ? -1 : 1) * compare(x, y);
      }));
      keep(`sort-${key}`, `${column}${down ? "-" : ""}`);
    };
    heads.forEach((head, column) => {
      if (original.every((row) => row.cells[column].textContent.trim() === "")) return;
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
      button.addEventListener("click", () => sort(column, head.getAttribute("aria-sort") === "ascending"));
      head.replaceChildren(button);
    });
    const state = new URLSearchParams(location.search);
    const asked = state.get(`sort-${key}`);
    if (asked && heads[parseInt(asked, 10)]) sort(parseInt(asked, 10), asked.endsWith("-"));
    if (original.length > 15) {
      const label = document.createElement("label");
      label.className = "filter";
      const input = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off", value: state.get(`rows-${key}`) ?? "" });
      const told = document.createElement("span");
      told.setAttribute("role", "status");
      label.append(say("Visa bara rader med ", "Show only rows with "), input, " ", told);
      const filter = () => {
        const wanted = plain(input.value);
        for (const row of original) row.hidden = wanted !== "" && !plain(row.textContent).includes(wanted);
        const left = original.filter((row) => !row.hidden).length;
        told.textContent = wanted ? say(`${left} av ${original.length} rader`, `${left} of ${original.length} rows`) : "";
        keep(`rows-${key}`, input.value);
      };
      input.addEventListener("input", filter);
      if (input.value) filter();
      table.parentElement.before(label);
    }
  }

  // Pointing at a chart or a map says the value that the table or the map in words has; Escape takes it away.
  const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  const told = (area) => {
    const link = document.querySelector(`.textmap li > a[href*="/${area.dataset.k}-"]`);
    return link ? `${link.textContent}: ${link.nextElementSibling.textContent}` : area.closest("a")?.getAttribute("aria-label");
  };
  const pointed = (event) => {
    const area = event.target.closest?.("[data-say], [data-k]");
    if (area) return area.dataset.say ?? told(area);
    const marks = [...(event.target.closest?.("svg.chart")?.querySelectorAll("[data-say]") ?? [])];
    const gap = (mark) => {
      const box = mark.getBoundingClientRect();
      return Math.abs(box.x + box.width / 2 - event.clientX);
    };
    return marks.length ? marks.reduce((best, mark) => (gap(mark) < gap(best) ? mark : best)).dataset.say : "";
  };
  const point = (event) => {
    const text = pointed(event);
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const room = root.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, room)) + scrollX}px`;
    tip.style.top = `${event.clientY + scrollY - tip.offsetHeight - 10}px`;
  };
  addEventListener("pointermove", point);
  addEventListener("pointerdown", point);
  addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });

  // Maps: a county or a step closer, dragged by hand; the address remembers the view.
  for (const map of document.querySelectorAll(".sweden svg.map")) {
    const whole = map.getAttribute("viewBox").split(" ").map(Number);
    const areas = [...map.querySelectorAll("[data-k]")];
    let view = whole;
    const show = (next) => {
      const [w, h] = [Math.min(next[2], whole[2]), Math.min(next[3], whole[3])];
      const inside = (at, size, axis) => Math.min(Math.max(at, whole[axis]), whole[axis] + whole[axis + 2] - size);
      view = [inside(next[0], w, 0), inside(next[1], h, 1), w, h];
      map.setAttribute("viewBox", view.join(" "));
      keep("map", w < whole[2] ? view.map(Math.round).join("_") : "");
    };
    const zoom = (factor) => {
      const [w, h] = [view[2] * factor, view[3] * factor];
      show([view[0] + (view[2] - w) / 2, view[1] + (view[3] - h) / 2, w, h]);
    };
    const county = (code) => {
      const boxes = areas.filter((area) => area.dataset.k.startsWith(code)).map((area) => area.getBBox());
      if (!code || !boxes.length) return show(whole);
      const [left, top] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
      const [right, foot] = [Math.max(...boxes.map((box) => box.x + box.width)), Math.max(...boxes.map((box) => box.y + box.height))];
      const scale = Math.max((right - left) / whole[2], (foot - top) / whole[3]) * 1.15;
      const [w, h] = [whole[2] * scale, whole[3] * scale];
      show([(left + right - w) / 2, (top + foot - h) / 2, w, h]);
    };
    const bar = map.closest(".sweden").previousElementSibling;
    const button = (text, name, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, title: name });
      made.setAttribute("aria-label", name);
      made.addEventListener("click", act);
      return made;
    };
    const select = document.createElement("select");
    select.setAttribute("aria-label", say("Visa ett län på kartan", "Show one county on the map"));
    select.append(new Option(say("Hela landet", "The whole country"), ""));
    for (const [code, name] of JSON.parse(map.closest(".sweden").dataset.counties || "[]")) select.append(new Option(name, code));
    select.addEventListener("change", () => county(select.value));
    bar.append(select, button("+", say("Zooma in", "Zoom in"), () => zoom(0.6)), button("−", say("Zooma ut", "Zoom out"), () => zoom(1 / 0.6)));
    let held = null;
    map.addEventListener("pointerdown", (event) => { if (view !== whole && view[2] < whole[2]) held = { x: event.clientX, y: event.clientY, from: view, moved: false }; });
    addEventListener("pointermove", (event) => {
      if (!held) return;
      const scale = view[2] / map.clientWidth;
      held.moved ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > 4;
      if (held.moved) show([held.from[0] - (event.clientX - held.x) * scale, held.from[1] - (event.clientY - held.y) * scale, view[2], view[3]]);
    });
    map.addEventListener("click", (event) => { if (held?.moved) event.preventDefault(); }, true);
    addEventListener("pointerup", () => setTimeout(() => { held = null; }));
    const asked = new URLSearchParams(location.search).get("map")?.split("_").map(Number);
    if (asked?.length === 4 && asked.every(Number.isFinite) && asked[2] > 0 && asked[3] > 0) show(asked);
  }

  // The most alike: the weights can be changed, and the address remembers them. On the page of free comparison
  // the place asked about can change too ("own"), and who is found is told ("weighed").
  const form = document.querySelector("form[data-weights]");
  if (form) {
    fetch(form.dataset.features).then((answer) => answer.json()).then((data) => weigh(form, data));
  }
  function weigh(form, { names, labels, weights, rows }) {
    const asked = new URLSearchParams(location.search);
    const current = Object.fromEntries(labels.map(([key]) => [key, Number(asked.get(key) ?? weights[key])]));
    const list = document.getElementById("weighed");
    const comparison = document.querySelector("a#comparison");
    const show = () => {
      const own = rows.find((row) => row[0] === form.dataset.weights);
      const found = own === undefined ? [] : rows.filter((row) => row !== own).map((row) => {
        let sum = current.group * (row[3] !== own[3]);
        names.forEach((name, i) => (sum += current[name] * (row[4][i] - own[4][i]) ** 2));
        return [Math.sqrt(sum), row];
      }).sort((a, b) => a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : 1)).slice(0, 7);
      const codes = found.map(([, row]) => row[0]);
      if (comparison) comparison.href = comparison.href.replace(/k=[^&]*/, `k=${[form.dataset.weights, ...codes].join(",")}`);
      list.replaceChildren(...found.map(([, row]) => {
        const item = document.createElement("li");
        item.append(Object.assign(document.createElement("a"), { href: row[2], textContent: row[1] }));
        return item;
      }));
      form.dispatchEvent(new CustomEvent("weighed", { detail: codes }));
    };
    form.addEventListener("own", show);
    for (const [key, text] of labels) {
      const label = document.createElement("label");
      const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 5, step: 0.5, value: current[key] });
      input.addEventListener("input", () => {
        current[key] = Number(input.value);
        keep(key, input.value);
        show();
      });
      label.append(text, input);
      form.append(label);
    }
    form.hidden = false;
    show();
  }

  // Printing opens what is folded.
  addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((each) => {
    each.open = true;
    each.dataset.printed = "";
  }));
  addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((each) => {
    each.open = false;
    delete each.dataset.printed;
  }));
})();
