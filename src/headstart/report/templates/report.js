"use strict";
(() => {
  // Tooltips at once, also by touch and keyboard; the <title>s that they replace are for pages without script.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);
  document.querySelectorAll("[data-tip]").forEach((mark) => {
    mark.removeAttribute("title");
    mark.querySelectorAll(":scope > title").forEach((title) => title.remove());
  });
  const show = (event) => {
    const mark = event.target.closest ? event.target.closest("[data-tip]") : null;
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.dataset.tip;
    const box = mark.getBoundingClientRect();
    const at = mark.tagName === "circle" || mark.tagName === "path" ? box.left + box.width / 2 : event.clientX;
    const half = tip.offsetWidth / 2;
    tip.style.left = Math.min(Math.max(at, half + 8), innerWidth - half - 8) + "px";
    tip.style.top = (box.top > tip.offsetHeight + 12 ? box.top - tip.offsetHeight - 8 : box.bottom + 8) + "px";
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("click", show);
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  // A click on a column's head sorts by it.
  const value = (row, column) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.toLowerCase();
  };
  document.querySelectorAll("table.sortable th").forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      head.parentNode.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = head.closest("table").tBodies[0];
      const rows = [...body.rows].sort((a, b) => {
        const [x, y] = [value(a, head.cellIndex), value(b, head.cellIndex)];
        return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
      });
      body.append(...rows);
    });
  });

  // Commands can be copied.
  document.querySelectorAll("pre").forEach((block) => {
    if (!navigator.clipboard) return;
    const text = block.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    }));
    block.append(button);
  });
})();
