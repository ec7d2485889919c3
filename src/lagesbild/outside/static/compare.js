"use strict";
// The free comparison: chosen places and one measure, from files of released figures. All state lives in the address.
(() => {
  const form = document.getElementById("compare");
  const into = document.getElementById("comparison");
  const likeness = document.querySelector("form[data-weights]");
  let nearest = [];
  if (!form) return;
  const swedish = document.documentElement.lang === "sv";
  const MOST = 10;
  const DRAWN = 4;
  const make = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const draw = (tag, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };
  const asked = new URLSearchParams(location.search);
  let chosen = [...new Set((asked.get("k") ?? "00").split(",").filter((code) => /^\w{2,4}$/.test(code)))].slice(0, MOST);
  const names = new Map();
  const paths = new Map();
  const load = (path) => fetch(path).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(path))));

  if ([...form.i.options].some((option) => option.value === asked.get("i"))) form.i.value = asked.get("i");

  async function show() {
    const search = new URLSearchParams(location.search);
    search.set("k", chosen.join(","));
    search.set("i", form.i.value);
    history.replaceState(null, "", `?${search}`);
    if (likeness.dataset.weights !== chosen[0]) {
      likeness.dataset.weights = chosen[0] ?? "";
      likeness.dispatchEvent(new Event("own"));
    }
    const data = await load(`${form.dataset.figures}${form.i.value}.json`);
    for (const [code, [name, path]] of Object.entries(data.places)) { names.set(code, name); paths.set(code, path); }
    const rows = chosen.map((code) => ({ code, name: names.get(code) ?? code, path: paths.get(code), cells: data.places[code]?.[2] ?? [] }));
    document.getElementById("chosen").replaceChildren(...rows.map(chip));
    into.replaceChildren(...heading(data), chart(data, rows.slice(0, DRAWN)), table(data, rows));
  }
  function chip({ code, name }) {
    const item = make("li");
    const button = make("button", `${name} ×`, { type: "button", "aria-label": swedish ? `Ta bort ${name}` : `Remove ${name}` });
    button.addEventListener("click", () => { chosen = chosen.filter((other) => other !== code); show(); });
    item.append(button);
    return item;
  }
  function heading(data) {
    const title = make("h2", `${data.name}, ${data.unit}`);
    if (data.example && into.dataset.mark) title.append(" ", make("span", into.dataset.mark, { class: "example" }));
    return [title, make("p", data.note, { class: "note" })];
  }
  const known = (cell) => Array.isArray(cell);
  const STYLES = ["l1", "l2", "l3", "l4"];

  function chart(data, rows) {
    const height = 320, top = 24, foot = 28, left = 3;
    const right = Math.max(45, 96 - (Math.max(0, ...rows.map(({ name }) => name.length)) * 950) / (into.clientWidth || 900));
    const values = rows.flatMap(({ cells }) => cells.filter(known).map((cell) => cell[4] ?? cell[2]));
    const figure = make("figure");
    if (!values.length) return figure;
    const power = 10 ** Math.floor(Math.log10(Math.max(...values) || 1));
    const highest = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((each) => each >= Math.max(...values));
    const count = data.periods.length;
    const x = (index) => (count < 2 ? (left + right) / 2 : left + (index * (right - left)) / (count - 1));
    const y = (value) => height - foot - ((height - top - foot) * value) / highest;
    const svg = draw("svg", { class: "chart", width: "100%", height, role: "img", "aria-label": `${data.name}. ${swedish ? "Samma siffror står i tabellen." : "The table has the same figures."}` });
    for (const share of [0, 0.5, 1]) svg.append(draw("line", { class: share ? "grid" : "axis", x1: `${left}%`, x2: "97%", y1: y(highest * share), y2: y(highest * share) }));
    const written = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, swedish ? "\u202f" : ",").replace(/\.(?=\d+$)/, swedish ? "," : ".");
    for (const share of [0.5, 1]) svg.append(draw("text", { class: "tick halo", x: `${left}%`, y: y(highest * share) - 5 }, written(highest * share)));
    for (const at of data.breaks) svg.append(draw("line", { class: "break", x1: `${x(at - 0.5)}%`, x2: `${x(at - 0.5)}%`, y1: top, y2: height - foot }));
    const ends = [];
    rows.forEach(({ name, cells }, which) => {
      cells.forEach((cell, at) => {
        if (!known(cell)) return;
        const before = cells[at - 1];
        if (known(before) && !data.breaks.includes(at)) svg.append(draw("line", { class: STYLES[which], x1: `${x(at - 1)}%`, y1: y(before[2]), x2: `${x(at)}%`, y2: y(cell[2]) }));
        if (cell.length > 3) svg.append(draw("line", { class: "w95", x1: `${x(at)}%`, x2: `${x(at)}%`, y1: y(cell[3]), y2: y(cell[4]) }));
        svg.append(draw("circle", { class: `p${which + 1}`, cx: `${x(at)}%`, cy: y(cell[2]), r: 4, "data-say": `${name}, ${data.periods[at]}: ${cell[0]}${cell[1] ? ` (${cell[1]})` : ""}` }));
      });
      const last = cells.findLastIndex(known);
      if (last >= 0) ends.push({ name, at: x(last), y: y(cells[last][2]) });
    });
    // Labels stand at the ends of their lines, and step aside for each other.
    ends.sort((a, b) => a.y - b.y).forEach((end, i) => { if (i && end.y < ends[i - 1].y + 17) end.y = ends[i - 1].y + 17; });
    for (const end of ends) svg.append(draw("text", { class: "halo", x: `${end.at + 1.5}%`, y: end.y + 5 }, end.name));
    const most = Math.max(2, Math.floor(((into.clientWidth || 900) * (right - left)) / 100 / (9 * Math.max(...data.periods.map((each) => each.length)) + 12)));
    const step = Math.max(1, Math.ceil((count - 1) / (most - 1)));
    data.periods.forEach((period, at) => { if ((at % step === 0 && count - 1 - at >= step) || at === count - 1) svg.append(draw("text", { class: "tick", x: `${x(at)}%`, y: height - 8, "text-anchor": at ? "middle" : "start" }, period)); });
    figure.append(svg);
    if (chosen.length > DRAWN) figure.append(make("figcaption", swedish ? "Diagrammet visar de fyra första platserna, tabellen alla." : "The chart shows the first four places, the table all."));
    return figure;
  }
  function table(data, rows) {
    const scroll = make("div", "", { class: "scroll", role: "group", tabindex: "0", "aria-label": data.name });
    const made = make("table", "", { class: "wide" });
    const caption = make("caption");
    caption.append(make("span", swedish ? `Publicering ${data.release}, 95 % osäkerhet inom parentes` : `Release ${data.release}, 95% uncertainty in brackets`));
    made.append(caption);
    const head = make("tr");
    const newest = data.periods.map((_, at) => at).reverse();
    head.append(make("th", into.dataset.place, { scope: "col" }), ...newest.map((at) => make("th", data.periods[at], { scope: "col", class: "n" })));
    made.createTHead().append(head);
    const body = made.createTBody();
    for (const { name, path, cells } of rows) {
      const row = make("tr");
      const place = make("th", path ? "" : name, { scope: "row" });
      if (path) place.append(make("a", name, { href: path }));
      row.append(place);
      newest.forEach((at) => {
        const cell = cells[at];
        const value = make("td", known(cell) ? cell[0] : cell === "c" ? into.dataset.protected : into.dataset.none, { class: known(cell) ? "n" : "n state" });
        if (known(cell) && cell[1]) value.append(make("br"), make("span", `(${cell[1]})`, { class: "small soft" }));
        row.append(value);
      });
      body.append(row);
    }
    scroll.append(made);
    return scroll;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = form.place.value.trim().toLowerCase();
    const found = wanted && ([...names].find(([, name]) => name.toLowerCase() === wanted) ?? [...names].find(([, name]) => name.toLowerCase().startsWith(wanted)));
    if (!found) {
      form.place.setCustomValidity(swedish ? "Ingen plats heter så." : "No place has that name.");
      form.place.reportValidity();
      return;
    }
    if (!chosen.includes(found[0])) chosen = [...chosen, found[0]].slice(0, MOST);
    form.place.value = "";
    show();
  });
  form.place.addEventListener("input", () => form.place.setCustomValidity(""));
  form.i.addEventListener("change", show);
  likeness.addEventListener("weighed", (event) => { nearest = event.detail; });
  document.getElementById("add-alike").addEventListener("click", () => {
    chosen = [...new Set([...chosen, ...nearest])].slice(0, MOST);
    show();
  });
  load(form.dataset.places).then((places) => {
    const list = document.getElementById("all-places");
    for (const [name, , path] of places) {
      const code = path.match(/\/(\w+)-[^/]*\/$/)[1].toUpperCase();
      names.set(code, name);
      paths.set(code, path);
      list.append(new Option("", name));
    }
    form.hidden = false;
    likeness.closest("details").hidden = false;
    return show();
  }).catch(() => { into.textContent = swedish ? "Siffrorna kunde inte hämtas." : "The figures could not be fetched."; });
})();
