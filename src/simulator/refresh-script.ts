/** Fetches a page again every second and puts in what changed. The page says the same until something happens. */
export const REFRESH_SCRIPT = `
let last;
setInterval(async () => {
  if (document.hidden) return;
  try {
    const text = await (await fetch(location.href, { cache: 'no-cache' })).text();
    document.body.classList.remove('away');
    if (text === last) return;
    last = text;
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    document.querySelector('main').replaceWith(fresh.querySelector('main'));
  } catch {
    document.body.classList.add('away');
  }
}, 1000);
`;
