import type { Instant } from '../../domain/time.js';
import type { Template } from './template.js';

/** English, as read in the Gulf: day before month, twelve-hour clock. */
export const english: Template = {
  direction: 'ltr',
  banner: { exercise: 'EXERCISE – NOT A REAL CASE', test: 'TEST – NOT A REAL CASE' },
  stamp: { exercise: 'EXERCISE', test: 'TEST' },
  headline: (tier) => (tier === 'amber' ? 'AMBER ALERT: MISSING CHILD' : 'ALERT: MISSING CHILD'),
  title: (tier) => (tier === 'amber' ? ['AMBER ALERT', 'Missing child'] : ['MISSING CHILD']),
  labels: {
    name: 'Name',
    age: 'Age',
    sex: 'Sex',
    height: 'Height',
    weight: 'Weight',
    hair: 'Hair',
    eyes: 'Eyes',
    clothing: 'Clothing',
    time: 'When',
    circumstances: 'What happened',
    suspect: 'Suspect',
    vehicle: 'Vehicle',
    plate: 'Plate',
    page: 'Alert page',
  },
  lastSeen: () => 'Last seen',
  sex: { female: 'girl', male: 'boy' },
  age: ({ from, to }) => {
    if (from === to) return to === 0 ? 'under 1 year' : years(to);
    return from === 0 ? `up to ${years(to)} (estimated)` : `${from} to ${years(to)} (estimated)`;
  },
  sexAndAge: (sex, age) => `${sex === 'female' ? 'Girl' : 'Boy'}, ${english.age(age)}`,
  height: (cm) => `${cm}\u00A0cm`,
  weight: (kg) => `${kg}\u00A0kg`,
  time: (at, timeZone) => time(at, timeZone, 'long'),
  shortTime: (at, timeZone) => time(at, timeZone, 'short'),
  request: (sex, authority, telephone) =>
    `If you see ${sex === 'female' ? 'her' : 'him'} or know anything, call at once: ${telephone} (${authority})`,
  call: 'Call now',
  photoOf: ({ name, age, sex }) => `Photo of the missing child: ${name}, ${english.sex[sex]}, age: ${age}.`,
  isCard: 'Alert card; what is written on it stands in the post',
};

function time(at: Instant, timeZone: string, names: 'long' | 'short'): string {
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: names,
    day: 'numeric',
    month: names,
    year: 'numeric',
    timeZone,
  });
  const hour = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', hourCycle: 'h12', timeZone });
  return `${day.format(at)}, ${hour.format(at).replace(/\s/gu, '\u00A0')}`;
}

function years(count: number): string {
  return count === 1 ? '1 year' : `${count} years`;
}
