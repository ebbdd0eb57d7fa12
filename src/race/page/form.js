// The form, the link that carries its settings, and the three buttons. The page starts a race with what stands in the form.
import { byId, write } from './words.js';

/** @import { RaceSettings } from '../settings.ts' */
/** @import { RaceHead } from '../protocol.ts' */

/** What stands in the form, by name. @typedef {Record<string, string | number | null | readonly string[]>} Settings */

const form = () => byId('settings', HTMLFormElement);
const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
const token = document.querySelector('meta[name="race-token"]')?.getAttribute('content') ?? '';

/** What was asked for last, to ask for it again. @type {RaceSettings | null} */
let asked = null;

/** What stands in the form. Checked by the server, which knows what the machine carries. @returns {Settings} */
function settings() {
  /** @type {Settings} */
  const found = {};
  for (const element of form().elements) {
    if (element instanceof HTMLInputElement && element.type === 'number') {
      found[element.name] = element.value === '' ? null : Number(element.value);
    } else if (
      element instanceof HTMLSelectElement ||
      (element instanceof HTMLInputElement && element.type === 'text')
    ) {
      found[element.name] = element.value.trim();
    }
  }
  found['approaches'] = checkboxes()
    .filter(({ checked }) => checked)
    .map(({ value }) => value);
  return found;
}

/** @returns {HTMLInputElement[]} */
const checkboxes = () => [...form().querySelectorAll('input')].filter(({ name }) => name === 'approaches');

/** Puts what a link or an earlier race says into the form; what the form does not know is left out. @param {Settings} values */
function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    const element = form().elements.namedItem(name);
    if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement)
      element.value = String(value);
  }
  if (values['approaches'] !== undefined) {
    const names = String(values['approaches']).split(',');
    for (const box of checkboxes()) box.checked = names.includes(box.value);
  }
  show();
}

/** The form as it is: sliders beside their numbers, fields that concern the job, and the link. */
function show() {
  for (const slider of form().querySelectorAll('input')) {
    const number = slider.dataset['slides'] && form().elements.namedItem(slider.dataset['slides']);
    if (number instanceof HTMLInputElement) slider.value = number.value;
  }
  const job = byId('job', HTMLSelectElement);
  const kind = job.selectedOptions[0]?.dataset['kind'];
  for (const field of form().querySelectorAll('p')) {
    const { for: concerns, approach } = field.dataset;
    const hasApproach = checkboxes().some(({ checked, value }) => checked && value === approach);
    field.hidden = (concerns !== undefined && concerns !== kind) || (approach !== undefined && !hasApproach);
  }
  const link = new URLSearchParams();
  for (const [name, value] of Object.entries(settings())) {
    if (value !== '' && value !== null) link.set(name, String(value));
  }
  byId('share', HTMLAnchorElement).search = link.toString();
}

/** @param {string} path @param {unknown} [body] */
async function post(path, body) {
  write(byId('complaint', HTMLElement), '');
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-race-token': token },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return;
    const { error } = /** @type {{ error: string }} */ (await response.json());
    write(byId('complaint', HTMLElement), error);
  } catch {
    write(byId('complaint', HTMLElement), 'The server does not answer.');
  }
}

export function prepareForm() {
  form().addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset['slides']) {
      const number = form().elements.namedItem(target.dataset['slides']);
      if (number instanceof HTMLInputElement) number.value = target.value;
    }
    show();
    history.replaceState(null, '', byId('share', HTMLAnchorElement).search);
  });
  form().addEventListener('submit', (event) => {
    event.preventDefault();
    void post('/start', settings());
  });
  button('stop').addEventListener('click', () => void post('/stop'));
  button('again').addEventListener('click', () => {
    if (asked === null) return;
    fill({ ...asked });
    void post('/start', asked);
  });
  fill(Object.fromEntries(new URLSearchParams(location.search)));
}

/** Buttons do what can be done now. @param {RaceHead | undefined} race @param {boolean} isConnected */
export function showButtons(race, isConnected) {
  asked = race?.asked ?? null;
  const isRunning = race?.phase === 'running';
  button('start').disabled = !isConnected || isRunning;
  button('stop').disabled = !isConnected || !isRunning;
  button('again').disabled = !isConnected || isRunning || asked === null;
}
