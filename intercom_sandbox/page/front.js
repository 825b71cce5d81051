// Shows once a second what goes on in the sandbox.
import { drawWindows } from "./chart.js";
import { ask } from "./control.js";
import { clock, find, make, number } from "./elements.js";
import { listen, showState } from "./steer.js";

const PAUSE = 1000; // milliseconds
const LAST = 16; // requests

let counted = -1; // as many changes of the data are in the counts that are shown

async function refresh() {
  const trouble = find("#trouble");
  try {
    const [status, requests, last] = await Promise.all(["status", "requests", `log?last=${LAST}`].map((path) => ask(path)));
    showWorkspace(status);
    showState(status);
    drawWindows(requests.windows, status.settings.rate_limit, status.time);
    showLast(last);
    if (status.changes !== counted) await showCounts(status.changes); // in a large workspace it takes a while
    trouble.hidden = true;
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}

function showWorkspace({ workspace, access_token: token, revoked }) {
  find("#workspace").textContent = `${workspace.name}, in the sandbox`;
  find("#about").textContent =
    `A local Intercom that holds made-up data: workspace ${workspace.id_code}, region ${workspace.region}, ` +
    `time zone ${workspace.timezone}.`;
  find("#token").textContent = token;
  find("#revoked").hidden = !revoked;
}

async function showCounts(changes) {
  const counts = Object.entries(await ask("counts"));
  find("#counts").replaceChildren(
    ...counts.map(([stream, count]) => make("div", {}, make("dt", {}, stream), make("dd", {}, number(count)))),
  );
  const kinds = find("#object");
  if (!kinds.options.length)
    kinds.append(...counts.map(([stream]) => make("option", { defaultSelected: stream === "contacts" }, stream)));
  counted = changes;
}

function showLast(entries) {
  find("#none").hidden = entries.length > 0;
  find("#last").hidden = entries.length === 0;
  find("#last tbody").replaceChildren(
    ...entries.reverse().map(({ at, method, path, query, status }) =>
      make("tr", { className: status >= 200 && status < 300 ? "" : "bad" },
        make("td", {}, clock(at)),
        make("td", {}, `${method} ${path}${query && `?${query}`}`),
        make("td", {}, status === "cut" ? "none" : String(status)))),
  );
}

async function follow() {
  await refresh();
  setTimeout(follow, PAUSE);
}

find("#address").textContent = location.origin;
listen(refresh);
follow();
