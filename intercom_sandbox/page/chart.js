// The chart of requests per window of the rate limit, and its table.
import { clock, find, make, number } from "./elements.js";

const SECONDS = 10;
const SHOWN = 30;
const ROOM = 1.12; // above the highest bar and the limit

let drawn = "";

/** Draws the windows up to `time`; `windows` are [start, let through, refused], `limit` is 0 where there is none. */
export function drawWindows(windows, limit, time) {
  const shown = upTo(time, windows);
  const listed = windows.slice(-SHOWN).reverse();
  const data = JSON.stringify([shown, listed, limit]);
  if (data === drawn) return; // so that what somebody points at stays
  drawn = data;
  const most = Math.max(...shown.map((window) => window.allowed + window.refused));
  const top = Math.max(limit, most, 1) * ROOM;
  find("#chart .bars").replaceChildren(...shown.map((window) => bar(window, top)));
  drawLimit(limit, top);
  const present = shown.at(-1);
  find("#now").textContent =
    `This window: ${number(present.allowed)} let through, ${number(present.refused)} refused` +
    (limit ? `, of ${number(limit)} allowed.` : "; there is no limit.");
  find("#chart .plot").ariaLabel =
    `Bars: at most ${number(most)} requests in a window` + (limit ? `. Line: the limit of ${number(limit)}` : "");
  const rows = listed.map(([start, ...counts]) => row(clock(start), ...counts.map(number)));
  find("#chart tbody").replaceChildren(...rows);
}

/** The last windows, oldest first, with those in which nothing was asked. */
function upTo(time, windows) {
  const known = new Map(windows.map(([start, ...counts]) => [start, counts]));
  const last = Math.floor(time / SECONDS) * SECONDS;
  return Array.from({ length: SHOWN }, (_, place) => {
    const start = last - (SHOWN - 1 - place) * SECONDS;
    const [allowed, refused] = known.get(start) ?? [0, 0];
    return { start, allowed, refused };
  });
}

function bar({ start, allowed, refused }, top) {
  const parts = [["refused", refused], ["allowed", allowed]].map(([className, count]) => {
    const part = make("i", { className });
    part.style.height = `${(100 * count) / top}%`;
    return part;
  });
  const title = `${clock(start)}: ${number(allowed)} let through, ${number(refused)} refused`;
  return make("div", { className: "window", title }, ...parts);
}

function drawLimit(limit, top) {
  const line = find("#chart .limit");
  line.hidden = !limit;
  line.textContent = number(limit);
  line.style.bottom = `${(100 * limit) / top}%`;
  find("#chart .legend .line").hidden = !limit;
}

const row = (...cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));
