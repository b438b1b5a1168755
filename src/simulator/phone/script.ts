/**
 * Fetches the page again when something is chosen, and every second, and changes only what differs: pictures stay, and each screen stays where
 * it was scrolled to.
 */
export const PHONE_SCRIPT = `
const form = document.querySelector('form');
document.body.classList.add('live');

function sync(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  // A post that came or went must not turn each post below it into another.
  const kept = new Map(before.filter((node) => node.id).map((node) => [node.id, node]));
  if (after.some((node) => node.id && kept.has(node.id))) {
    old.replaceChildren(...after.map((node) => {
      const same = node.id && kept.get(node.id);
      if (!same) return node;
      sync(same, node);
      return same;
    }));
    return;
  }
  before.slice(after.length).forEach((node) => node.remove());
  after.forEach((node, index) => (before[index] ? sync(before[index], node) : old.append(node)));
}

let underWay;
let next;
async function refresh() {
  clearTimeout(next);
  underWay?.abort();
  const { signal } = (underWay = new AbortController());
  try {
    const response = await fetch(location.href, { cache: 'no-cache', signal });
    if (!response.ok) throw new Error(response.statusText);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    document.body.classList.remove('away');
    for (const part of document.querySelectorAll('[data-live]')) sync(part, fresh.getElementById(part.id));
    const distances = fresh.querySelectorAll('.chips small');
    document.querySelectorAll('.chips small').forEach((part, index) => sync(part, distances[index]));
  } catch {
    if (signal.aborted) return;
    document.body.classList.add('away');
  }
  waitAndRefresh();
}
function waitAndRefresh() {
  next = setTimeout(() => (document.hidden ? waitAndRefresh() : refresh()), 1000);
}

function choose() {
  history.replaceState(null, '', '?' + new URLSearchParams(new FormData(form)));
  refresh();
}

form.addEventListener('change', ({ target }) => {
  if (target.name === 'lat' || target.name === 'lon') form.elements.place.value = 'other';
  choose();
});
document.getElementById('map').addEventListener('click', (event) => {
  const map = event.target.closest('svg');
  if (!map) return;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  const { scale, x: originX, y: originY, turn } = map.dataset;
  const degrees = 180 / Math.PI;
  const longitude = ((x - originX) / scale) * degrees - turn;
  const latitude = (2 * Math.atan(Math.exp((originY - y) / scale)) - Math.PI / 2) * degrees;
  form.elements.lat.value = latitude.toFixed(4);
  form.elements.lon.value = (((longitude + 540) % 360) - 180).toFixed(4);
  form.elements.place.value = 'other';
  choose();
});
document.querySelector('.chips :checked').parentElement.scrollIntoView({ block: 'nearest', inline: 'center' });
waitAndRefresh();
`;
