import { html, type Html } from '../../html.js';
import { alertsShown, type Desk } from '../desk/desk.js';
import { ICONS } from './icons.js';
import { distanceKm, type Place } from './place.js';
import { postText } from './post-text.js';
import type { View } from './view.js';
import { kilometres, timeAgo, WORDS } from './words.js';

const LINES_SHOWN = 6;

export type RadiusAlert = ReturnType<typeof alertsShown>[number];

/** What the partner shows to somebody at this place, newest first, and what it shows to others only. */
export function radiusAlertsFor(
  desk: Desk,
  place: Place,
): { readonly seen: readonly RadiusAlert[]; readonly notSeen: readonly RadiusAlert[] } {
  const alerts = alertsShown(desk);
  const isSeen = ({ package: { centre }, shown }: RadiusAlert): boolean => distanceKm(centre, place) <= shown.radiusKm;
  return { seen: alerts.filter(isSeen), notSeen: alerts.filter((alert) => !isSeen(alert)) };
}

/** The alert as it stands at the top of a feed, in the language of the phone. */
export function radiusAlertCard(app: string, alert: RadiusAlert, view: View, now: number): Html {
  const { language, place } = view;
  const words = WORDS[language].radiusAlert;
  const { id, runKind, shown, package: handed } = alert;
  const [photo] = handed.files;
  const ownId = `${app}-${id.replaceAll('/', '-')}`;
  const away = kilometres(distanceKm(handed.centre, place), language);
  return html`<article id="phone-${ownId}" class="radius-alert">
    <header>
      ${ICONS.bell}
      <div>
        <strong>${handed.tier === 'amber' ? words.amber : words.missing}</strong>
        <small>
          <time datetime="${shown.since}">${timeAgo(shown.since, now, language)}</time> · ${words.away(away)}
        </small>
      </div>
    </header>
    ${runKind === 'actual' ? undefined : html`<p class="run">${words[runKind]}</p>`}
    ${photo && html`<img src="/desk/files/${photo.sha256}" alt="${handed.altText}" />`}
    ${postText(ownId, handed.texts[language], LINES_SHOWN, language)}
    <small class="why">${ICONS.pin} ${words.why(kilometres(shown.radiusKm, language))}</small>
  </article>`;
}
