// Small things that several modules of the page need.

/** The element with this id, which the page has. @template {Element} T @param {string} id @param {new () => T} type */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`expected a ${type.name} with the id ${id}`);
}

/** Milliseconds as `0.85 s`, for what runs: the digits of a figure that changes all the time stay where they are. @param {number} ms */
export const seconds = (ms) => `${(Math.max(0, ms) / 1000).toFixed(2)} s`;

/** Writes `text` where it is not there yet: a screen reader may take each writing for a change. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A new element of a class with a text. @template {keyof HTMLElementTagNameMap} Name @param {Name} name @param {string} [className] @param {string} [text] */
export function make(name, className = '', text = '') {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.textContent = text;
  return element;
}

/** Makes `button` copy what `text` returns, and say so. @param {HTMLButtonElement} button @param {() => string} text */
export function copies(button, text) {
  const name = button.textContent;
  button.addEventListener('click', () => {
    /** @param {string} label */
    const say = (label) => {
      button.textContent = label;
      setTimeout(() => {
        button.textContent = name;
      }, 2000);
    };
    navigator.clipboard.writeText(text()).then(
      () => say('Copied'),
      () => say('Select it and copy'),
    );
  });
}

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether whoever looks on wants to see no movement. */
export const wantsStillness = () => stillness.matches;
