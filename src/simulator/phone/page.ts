import { html, verbatim, type Html } from '../../html.js';
import { simulatedPageHead } from '../../simulated-page.js';
import { alertsShown } from '../desk/desk.js';
import { mediaOnFeed, type Post, type World } from '../world.js';
import { facebookFeed, instagramFeed } from './feeds.js';
import { areaMap } from './map.js';
import { distanceKm, NAMED_PLACES } from './place.js';
import { radiusAlertsFor } from './radius-alert.js';
import { postsFor, reachOf } from './reach.js';
import { PHONE_SCRIPT } from './script.js';
import { STYLE } from './style.js';
import { addressIn, type View } from './view.js';
import { countryName, kilometres, listOf, WORDS } from './words.js';

/** What somebody standing at a place is shown on a phone, on both channels. A whole HTML document. */
export function phonePage(world: World, view: View, now: number): string {
  const { language } = view;
  const words = WORDS[language];
  const other = language === 'ar' ? 'en' : 'ar';
  const document = html`<!doctype html>
    <html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
      ${simulatedPageHead(words.title, STYLE, 5)}
      <body>
        <p class="notice">${words.notice}</p>
        <main>
          <form class="panel" action="/phone" method="get">
            <header>
              <h1>${words.title}</h1>
              <nav>
                <a href="/">${words.bothFeeds}</a>
                <a href="/desk?lang=${language}">${words.partnerDesk}</a>
                <a data-live id="language" href="${addressIn(other, view)}" lang="${other}" hreflang="${other}"
                  >${words.otherLanguage}</a
                >
              </nav>
            </header>
            <input type="hidden" name="lang" value="${language}" />
            ${standingAt(view)}
            <div data-live id="map">${map(world, view)}</div>
            ${choices(view)}
          </form>
          <div class="view">
            <div data-live id="verdict" class="verdicts">
              ${facebookVerdict(world, view)} ${instagramVerdict(world, view)} ${partnerVerdict(world, view)}
            </div>
            <input type="radio" name="app" id="app-facebook" class="sr" form="nowhere" checked />
            <input type="radio" name="app" id="app-instagram" class="sr" form="nowhere" />
            <div class="apps">
              <label for="app-facebook">${words.facebook}</label>
              <label for="app-instagram">${words.instagram}</label>
            </div>
            <div class="phones">
              ${phone('facebook', words.facebook, facebookFeed(world, view, now))}
              ${phone('instagram', words.instagram, instagramFeed(world, view, now))}
            </div>
          </div>
        </main>
        ${verbatim(`<script>${PHONE_SCRIPT}</script>`)}
      </body>
    </html>`;
  return document.toString();
}

function phone(app: string, name: string, screen: Html): Html {
  return html`<section class="phone ${app}" aria-label="${name}">
    <div class="glass">
      <div class="status" aria-hidden="true"><span>9:41</span><i></i></div>
      <div data-live id="${app}" class="screen">${screen}</div>
    </div>
  </section>`;
}

function standingAt(view: View): Html {
  const { language, named, place, country } = view;
  const words = WORDS[language];
  const name = named?.name[language] ?? `${place.latitude.toFixed(3)}, ${place.longitude.toFixed(3)}`;
  const where = words.hereIs(name, country === undefined ? words.noCountry : countryName(country, language));
  const away = view.distanceKm < 1 ? words.atTheCentre : words.away(kilometres(view.distanceKm, language));
  return html`<p data-live id="standing" class="standing">
    <strong><bdi>${where}</bdi></strong>
    <span class="chip ${view.insideArea ? 'inside' : 'outside'}"
      >${view.insideArea ? words.inside : words.outside}</span
    >
    <small>${away}</small>
  </p>`;
}

function map(world: World, view: View): Html {
  const words = WORDS[view.language];
  const { seen, notSeen } = postsFor(world, view.country);
  const radii = alertsShown(world.desk).map(({ package: { centre }, shown: { radiusKm } }) => ({ centre, radiusKm }));
  return html`${areaMap(view, countriesOf([...seen, ...notSeen]), radii, words.mapLabel)}
    <p class="legend">
      <span><i class="area"></i>${words.legendArea(kilometres(view.area.radiusKm, view.language))}</span>
      <span><i class="reached"></i>${words.legendReached}</span>
      ${radii.length > 0 ? html`<span><i class="radius"></i>${words.legendRadius}</span>` : undefined}
    </p>`;
}

function choices(view: View): Html {
  const { language, named, place, area } = view;
  const words = WORDS[language];
  return html`<fieldset class="places">
      <legend>${words.standAt}</legend>
      <div class="chips">
        ${NAMED_PLACES.map(
          (each) =>
            html`<label>
              <input type="radio" name="place" value="${each.key}" ${verbatim(each === named ? 'checked' : '')} />
              <span
                >${each.name[language]}
                <small>${words.km(kilometres(distanceKm(area.centre, each), language))}</small></span
              >
            </label>`,
        )}
        <label>
          <input type="radio" name="place" value="other" ${verbatim(named === undefined ? 'checked' : '')} />
          <span>${words.elsewhere}</span>
        </label>
      </div>
      <small class="hint">${words.orClick}</small>
      <div class="numbers">
        ${numberField('lat', words.latitude, place.latitude, -90, 90)}
        ${numberField('lon', words.longitude, place.longitude, -180, 180)}
      </div>
    </fieldset>
    <fieldset>
      <legend>${words.area}</legend>
      <div class="numbers">
        ${numberField('radius', words.radius, area.radiusKm, 0.1, 20_000)}
        ${numberField('areaLat', words.latitude, area.centre.latitude, -90, 90)}
        ${numberField('areaLon', words.longitude, area.centre.longitude, -180, 180)}
        <small>${words.areaNote}</small>
      </div>
    </fieldset>
    <button class="show">${words.show}</button>`;
}

function numberField(name: string, label: string, value: number, least: number, greatest: number): Html {
  return html`<label>
    ${label}
    <input type="number" name="${name}" value="${value}" min="${least}" max="${greatest}" step="any" dir="ltr" />
  </label>`;
}

function facebookVerdict(world: World, view: View): Html {
  const words = WORDS[view.language];
  const { seen, notSeen } = postsFor(world, view.country);
  const said = (sees: boolean, text: string): Html => verdict('facebook', words.facebook, sees, text);
  if (world.page.offlineCode !== undefined) return said(false, words.verdict.offline);
  if (seen.length === 0 && notSeen.length === 0) return said(false, words.verdict.none);

  const deciding = seen.length > 0 ? seen : notSeen;
  const kinds = new Set(deciding.map((post) => reachOf(post.targeting).kind));
  if (kinds.has('everyone')) return said(true, words.verdict.everyone);
  if (!kinds.has('countries')) return said(false, words.verdict.unknown);
  const countries = listOf(
    [...countriesOf(deciding)].map((code) => countryName(code, view.language)),
    view.language,
  );
  if (seen.length > 0)
    return said(true, (view.insideArea ? words.verdict.insideSees : words.verdict.outsideSees)(countries));
  return said(false, (view.insideArea ? words.verdict.insideMisses : words.verdict.outsideMisses)(countries));
}

function instagramVerdict(world: World, view: View): Html {
  const words = WORDS[view.language];
  const sees = mediaOnFeed(world).length > 0;
  return verdict('instagram', words.instagram, sees, sees ? words.verdict.instagram : words.verdict.none);
}

/** Nothing is said of a desk that shows nothing. */
function partnerVerdict({ desk }: World, view: View): Html | undefined {
  const words = WORDS[view.language];
  const { seen, notSeen } = radiusAlertsFor(desk, view.place);
  const [deciding] = [...seen, ...notSeen];
  if (!deciding) return undefined;
  const sees = seen.length > 0;
  const km = kilometres(deciding.shown.radiusKm, view.language);
  return verdict('desk', words.partner, sees, (sees ? words.verdict.radiusSees : words.verdict.radiusMisses)(km));
}

function verdict(app: string, name: string, sees: boolean, text: string): Html {
  return html`<p class="verdict ${app} ${sees ? 'sees' : 'misses'}"><strong>${name}</strong> ${text}</p>`;
}

function countriesOf(posts: readonly Post[]): Set<string> {
  return new Set(
    posts.flatMap((post) => {
      const reach = reachOf(post.targeting);
      return reach.kind === 'countries' ? reach.countries : [];
    }),
  );
}
