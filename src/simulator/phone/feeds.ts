import { html, type Html } from '../../html.js';
import { picture } from '../post-parts.js';
import { mediaOnFeed, photosOf, type Media, type Post, type World } from '../world.js';
import { ICONS } from './icons.js';
import { postText } from './post-text.js';
import { radiusAlertCard, radiusAlertsFor } from './radius-alert.js';
import { postsFor, reachOf } from './reach.js';
import type { Language, View } from './view.js';
import { countryName, timeAgo, WORDS } from './words.js';

const LINES_SHOWN = { facebook: 6, instagram: 3 };

/** What the phone shows in the Facebook app. */
export function facebookFeed(world: World, view: View, now: number): Html {
  const words = WORDS[view.language];
  const { seen } = postsFor(world, view.country);
  const alerts = radiusAlertsFor(world.desk, view.place).seen;
  const isEmpty = seen.length === 0 && alerts.length === 0;
  const offline = world.page.offlineCode !== undefined;
  return html`<div class="bar"><strong>${words.facebook}</strong>${ICONS.search}${ICONS.more}</div>
    <div class="feed">
      ${alerts.map((alert) => radiusAlertCard('facebook', alert, view, now))}
      ${seen.map((post) => facebookPost(world, post, view.language, now))}
      ${isEmpty ? nothing(offline ? words.offline : words.nothing) : undefined} ${neighbour()}
      ${isEmpty ? neighbour() : undefined}
    </div>
    <div class="tabs" aria-hidden="true">${ICONS.home}${ICONS.person}${ICONS.bell}${ICONS.more}</div>`;
}

/** What the phone shows in the Instagram app, which knows no places. */
export function instagramFeed(world: World, view: View, now: number): Html {
  const words = WORDS[view.language];
  const media = mediaOnFeed(world);
  const alerts = radiusAlertsFor(world.desk, view.place).seen;
  const isEmpty = media.length === 0 && alerts.length === 0;
  return html`<div class="bar"><strong>${words.instagram}</strong>${ICONS.heart}${ICONS.share}</div>
    <div class="feed">
      ${alerts.map((alert) => radiusAlertCard('instagram', alert, view, now))}
      ${media.map((each) => instagramPost(each, view.language, now))} ${isEmpty ? nothing(words.nothing) : undefined}
      ${neighbour()} ${isEmpty ? neighbour() : undefined}
    </div>
    <div class="tabs" aria-hidden="true">${ICONS.home}${ICONS.search}${ICONS.add}${ICONS.person}</div>`;
}

function facebookPost(world: World, post: Post, language: Language, now: number): Html {
  const words = WORDS[language];
  return html`<article id="phone-${post.id}">
    <header>
      ${avatar()}
      <div>
        <strong>${words.account}</strong>
        <small>
          ${ago(`/#${post.id}`, post.published?.at ?? post.created.at, language, now)} · ${reachSign(post, language)}
        </small>
      </div>
      ${ICONS.more}
    </header>
    ${postText(post.id, post.message, LINES_SHOWN.facebook, language)} ${photosOf(world, post).map(picture)}
    <div class="actions" aria-hidden="true">
      <span>${ICONS.like} ${words.like}</span><span>${ICONS.comment} ${words.comment}</span
      ><span>${ICONS.share} ${words.share}</span>
    </div>
  </article>`;
}

function instagramPost(media: Media, language: Language, now: number): Html {
  const words = WORDS[language];
  return html`<article id="phone-${media.id}">
    <header>
      ${avatar()}
      <div><strong>${words.account}</strong></div>
      ${ICONS.more}
    </header>
    ${picture(media)}
    <div class="actions" aria-hidden="true">
      ${ICONS.heart} ${media.commentsEnabled ? ICONS.comment : undefined} ${ICONS.share}
      <span class="last">${ICONS.save}</span>
    </div>
    ${postText(media.id, media.caption, LINES_SHOWN.instagram, language)}
    ${media.commentsEnabled ? undefined : html`<p class="closed">${words.commentsClosed}</p>`}
    <small class="when">${ago(`/#${media.id}`, media.published.at, language, now)}</small>
  </article>`;
}

function avatar(): Html {
  return html`<span class="avatar" aria-hidden="true">م</span>`;
}

function ago(permalink: string, at: string, language: Language, now: number): Html {
  return html`<a href="${permalink}"><time datetime="${at}">${timeAgo(at, now, language)}</time></a>`;
}

function reachSign(post: Post, language: Language): Html {
  const words = WORDS[language];
  const reach = reachOf(post.targeting);
  switch (reach.kind) {
    case 'everyone':
      return html`${ICONS.public} ${words.everyone}`;
    case 'countries':
      return html`${ICONS.pin}
      ${reach.countries.map((code) => countryName(code, language)).join(language === 'ar' ? '، ' : ', ')}`;
    case 'unknown':
      return html`${ICONS.pin} ${words.unknownReach}`;
  }
}

function nothing(words: string): Html {
  return html`<p class="nothing">${words}</p>`;
}

/** A post of somebody else, of which only the shape is seen. */
function neighbour(): Html {
  return html`<div class="neighbour" aria-hidden="true">
    <div><i class="round"></i><i class="name"></i></div>
    <i class="line"></i><i class="line short"></i><i class="box"></i>
  </div>`;
}
