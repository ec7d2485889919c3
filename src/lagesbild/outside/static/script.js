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
  for (const table of document.querySelectorAll("table[data-sort]")) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (original.every((row) => row.cells[column].textContent.trim() === "")) return;
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].textContent.trim();
        const rows = [...original].sort((a, b) => {
          const [x, y] = [value(a), value(b)];
          const known = (number(x) === null) - (number(y) === null);
          const numeric = original.some((row) => number(value(row)) !== null);
          return (numeric && known) || (down ? -1 : 1) * compare(x, y);
        });
        body.append(...rows);
      });
      head.replaceChildren(button);
    });
    if (original.length > 15) {
      const label = document.createElement("label");
      label.className = "filter";
      const input = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
      label.append(say("Visa bara rader med ", "Show only rows with "), input);
      input.addEventListener("input", () => {
        const wanted = plain(input.value);
        for (const row of original) row.hidden = wanted !== "" && !plain(row.textContent).includes(wanted);
      });
      table.parentElement.before(label);
    }
  }

  // The most alike: the weights can be changed, and the address remembers them.
  const form = document.querySelector("form[data-weights]");
  if (form) {
    fetch(form.dataset.features).then((answer) => answer.json()).then((data) => weigh(form, data));
  }
  function weigh(form, { names, labels, weights, rows }) {
    const own = rows.find((row) => row[0] === form.dataset.weights);
    const asked = new URLSearchParams(location.search);
    const current = Object.fromEntries(labels.map(([key]) => [key, Number(asked.get(key) ?? weights[key])]));
    const list = document.getElementById("weighed");
    const show = () => {
      const found = rows.filter((row) => row !== own).map((row) => {
        let sum = current.group * (row[3] !== own[3]);
        names.forEach((name, i) => (sum += current[name] * (row[4][i] - own[4][i]) ** 2));
        return [Math.sqrt(sum), row];
      }).sort((a, b) => a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : 1)).slice(0, 7);
      list.replaceChildren(...found.map(([, row]) => {
        const item = document.createElement("li");
        item.append(Object.assign(document.createElement("a"), { href: row[2], textContent: row[1] }));
        return item;
      }));
    };
    for (const [key, text] of labels) {
      const label = document.createElement("label");
      const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 5, step: 0.5, value: current[key] });
      input.addEventListener("input", () => {
        current[key] = Number(input.value);
        const search = new URLSearchParams(location.search);
        search.set(key, input.value);
        history.replaceState(null, "", `?${search}`);
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
