import { verbatim, type Html } from '../../html.js';

/** Signs of our own, drawn in the colour of the text beside them. */
function icon(paths: string): Html {
  return verbatim(
    `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${paths}</svg>`,
  );
}

export const ICONS = {
  like: icon('<path d="M7 11v9H4v-9zM7 12l4-8a2 2 0 0 1 3 2l-1 4h6a2 2 0 0 1 2 2l-2 6a3 3 0 0 1-3 2H7"/>'),
  heart: icon('<path d="M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z"/>'),
  comment: icon('<path d="M12 4c5 0 9 3 9 7s-4 7-9 7l-1-.1L6 21v-4c-2-1-3-4-3-6 0-4 4-7 9-7z"/>'),
  share: icon('<path d="M14 5l7 6-7 6v-4c-6 0-9 2-11 6 0-6 4-10 11-10z"/>'),
  save: icon('<path d="M6 4h12v16l-6-5-6 5z"/>'),
  public: icon('<circle cx="12" cy="12" r="8"/><path d="M4 12h16M12 4c3 3 3 13 0 16M12 4c-3 3-3 13 0 16"/>'),
  pin: icon('<path d="M12 21s-7-6-7-11a7 7 0 0 1 14 0c0 5-7 11-7 11z"/><circle cx="12" cy="10" r="2.5"/>'),
  more: icon('<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>'),
  search: icon('<circle cx="11" cy="11" r="6"/><path d="M20 20l-4.5-4.5"/>'),
  home: icon('<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>'),
  person: icon('<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>'),
  add: icon('<rect x="4" y="4" width="16" height="16" rx="4"/><path d="M12 8v8M8 12h8"/>'),
  bell: icon('<path d="M6 17v-6a6 6 0 0 1 12 0v6l2 1H4zM10 21h4"/>'),
} as const;
