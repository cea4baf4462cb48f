// What every part of the page needs of the document.

export const $ = id => document.getElementById(id);

/** An element with properties and children. */
export const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/** Shows what went wrong; a request that was given up is no error. */
export function fail(error) {
  if (error.name === 'AbortError') return;
  $('error').textContent = error.message;
  $('error').hidden = false;
}

/** Tells it to a screen reader. */
export const say = text => { $('status').textContent = text; };
