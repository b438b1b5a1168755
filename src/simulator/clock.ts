/** Latin digits in both languages, as the alerts themselves have. */
const LOCALE = { ar: 'ar-QA-u-nu-latn', en: 'en-GB' } as const;

/** A moment to the second, on this machine's clock. */
export function clock(at: string, language: keyof typeof LOCALE): string {
  return new Intl.DateTimeFormat(LOCALE[language], {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
}
