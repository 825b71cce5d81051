// The buttons: what each has the control endpoint do, and what is said then.
import { ask } from "./control.js";
import { find, number } from "./elements.js";

const NAMED = 3; // ids of changed objects

const ACTIONS = {
  create: (form) => change("create", "Created", form),
  update: (form) => change("update", "Updated", form),
  delete: (form) => change("delete", "Deleted", form),
  fail: ({ every, status }) =>
    tell("faults", [{ path: "", every: +every, action: { status: +status } }], `One answer in ${every} is ${status}.`),
  mend: () => tell("faults", [], "No answer fails any more."),
  kill: () =>
    tell("faults/add", { path: "", times: 1, action: { kind: "reset" } }, "The next request loses its connection."),
  hold: ({ seconds }) => tell("hold_scroll", { seconds: +seconds }, `The scroll is held for ${seconds} seconds.`),
  release: () => tell("hold_scroll", { seconds: 0 }, "The scroll is free."),
  lag: ({ seconds }) => tell("settings", { index_lag: +seconds }, `Searches lag by ${seconds} seconds.`),
  "catch-up": () => tell("settings", { index_lag: 0 }, "Searches see everything."),
};

async function tell(path, body, said) {
  await ask(path, body);
  return said;
}

async function change(operation, done, { object, count }) {
  const { ids } = await ask("mutate", { operation, object, count: +count });
  const others = ids.length > NAMED ? ` and ${number(ids.length - NAMED)} more` : "";
  return `${done} ${number(ids.length)} of ${object}: ${ids.slice(0, NAMED).join(", ")}${others}.`;
}

/** Lets the buttons work; `changed` is called after each. */
export function listen(changed) {
  for (const form of document.forms)
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const outcome = find("#outcome");
      try {
        outcome.textContent = await ACTIONS[event.submitter.value](Object.fromEntries(new FormData(form)));
      } catch (error) {
        outcome.textContent = error.message;
      }
      changed();
    });
}

/** Says beside the buttons what is in force. */
export function showState({ faults, scroll_held: held, settings }) {
  const rules = faults.filter((rule) => rule.fired !== rule.times);
  find("#faults").textContent = rules.map(told).join(" ") || "No answer fails.";
  find("#held").textContent = held ? `Somebody holds it for ${Math.ceil(held)} seconds more.` : "Nobody holds it.";
  const lag = settings.index_lag;
  find("#lag").textContent = lag ? `Searches show what was ${number(lag)} seconds ago.` : "Searches show what is now.";
}

function told({ action, every, fired, path, times }) {
  const which = every > 1 ? `One request in ${number(every)}` : "Every request";
  const where = path && ` to ${path}`;
  const most = times === null ? "" : `, at most ${number(times)}`;
  return `${which}${where}${most}: ${action.kind ?? action.status}, ${number(fired)} so far.`;
}
