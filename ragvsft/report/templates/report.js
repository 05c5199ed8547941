(() => {
  "use strict";
  const filters = document.getElementById("filters");
  const openPassage = () => {
    const target = document.getElementById(location.hash.slice(1));
    const list = document.getElementById("passages");
    if (target && list && list.contains(target)) {
      list.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", openPassage);
  openPassage();
  if (!filters) return;

  // each passage is stored once, in the list below the table; an opened answer gets copies of its own
  document.getElementById("matrix").addEventListener("toggle", (event) => {
    if (!event.target.open) return;
    for (const link of event.target.querySelectorAll("a")) {
      const stored = document.querySelector(link.getAttribute("href") + " dd");
      if (!stored || link.parentNode.querySelector("blockquote")) continue;
      const copy = document.createElement("blockquote");
      copy.dir = "auto";
      copy.textContent = stored.textContent;
      link.parentNode.append(copy);
    }
  }, true);

  const rows = Array.from(document.querySelectorAll("#matrix tbody tr"));
  const texts = rows.map((row) =>
    Array.from(row.querySelectorAll(".q, .t, .a, .n"), (part) => part.textContent).join(" ").toLowerCase());
  const find = document.getElementById("find");
  const stratum = document.getElementById("stratum");
  const boxes = Array.from(filters.querySelectorAll("input[type=checkbox]"));
  const nothing = document.getElementById("nothing");
  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const flags = boxes.filter((box) => box.checked).map((box) => box.value);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = (!stratum.value || row.dataset.s === stratum.value)
        && flags.every((flag) => row.dataset.f.includes(flag))
        && words.every((word) => texts[place].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    document.getElementById("shown").textContent = `${shown} of ${rows.length} shown`;
    nothing.hidden = shown > 0;
  };
  filters.addEventListener("input", apply);
  filters.hidden = false;
  apply();
})();
