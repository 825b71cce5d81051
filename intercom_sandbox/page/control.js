// The control endpoint.

/** What it answers; an Error with one sentence when it refuses, or does not answer at all. */
export async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(`/_sandbox/${path}`, options);
  } catch {
    throw new Error("The sandbox does not answer: see whether it still runs.");
  }
  if (!response.ok) throw new Error(await reason(response));
  return response.json();
}

async function reason(response) {
  const said = await response.text();
  try {
    return `${JSON.parse(said).errors[0].message}.`;
  } catch {
    return `The sandbox answered ${response.status}: see what it has printed.`;
  }
}
