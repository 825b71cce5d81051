// What the modules of the page share.

export const find = (selector) => document.querySelector(selector);

/** An element with properties, and with children or texts in it. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

export const number = (value) => value.toLocaleString("en");
