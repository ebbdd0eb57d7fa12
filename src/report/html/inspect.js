// Details of a request: under the pointer, or at the focus, which the arrow keys move from one to the next.
// Without this script the browser shows the same text by itself on hover, and the tables have it all.
'use strict';

const details = document.createElement('div');
details.id = 'details';
details.hidden = true;
document.body.append(details);

let marked = null;

/** Shows the text of `request` beside a place on the screen, inside the window. */
function show(request, x, y) {
  marked?.classList.remove('here');
  marked = request;
  request.classList.add('here');
  details.textContent = request.getAttribute('aria-label');
  details.hidden = false;
  const { width, height } = details.getBoundingClientRect();
  const below = y + 18 + height < window.innerHeight;
  details.style.left = `${Math.max(8, Math.min(x + 14, window.innerWidth - width - 8))}px`;
  details.style.top = `${Math.max(8, below ? y + 18 : y - height - 10)}px`;
}

function hide() {
  marked?.classList.remove('here');
  marked = null;
  details.hidden = true;
}

for (const picture of document.querySelectorAll('svg.requests')) {
  const requests = [...picture.querySelectorAll('.request')];
  for (const request of requests) {
    // The name stays the same; the browser's own tip would only hide ours.
    const title = request.querySelector('title');
    request.setAttribute('aria-label', title.textContent);
    title.remove();
  }

  const atPointer = ({ clientX, clientY }) => {
    const { top, height } = picture.getBoundingClientRect();
    const row = Math.floor(((clientY - top) / height) * requests.length);
    const request = requests[Math.max(0, Math.min(requests.length - 1, row))];
    if (request) show(request, clientX, clientY);
  };
  // An svg that listens to focus becomes a stop of the Tab key in Chromium; the element around it does not.
  const plot = picture.parentElement;
  picture.addEventListener('pointermove', atPointer);
  picture.addEventListener('pointerdown', atPointer);
  picture.addEventListener('pointerleave', hide);
  plot.addEventListener('focusout', hide);
  plot.addEventListener('focusin', ({ target }) => {
    const { left, bottom } = target.querySelector('.bar').getBoundingClientRect();
    show(target, left, bottom - 10);
  });
  plot.addEventListener('keydown', (event) => {
    const current = requests.indexOf(document.activeElement);
    const last = requests.length - 1;
    const next = {
      ArrowDown: current + 1,
      ArrowRight: current + 1,
      ArrowUp: current - 1,
      ArrowLeft: current - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Escape') hide();
    if (next === undefined) return;
    event.preventDefault();
    const request = requests[Math.max(0, Math.min(last, next))];
    // One stop for the Tab key in each picture, wherever the arrows went.
    requests[current]?.setAttribute('tabindex', '-1');
    request.setAttribute('tabindex', '0');
    request.focus();
  });
}
