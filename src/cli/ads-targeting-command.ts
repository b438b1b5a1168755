import { Command, InvalidArgumentError } from 'commander';
import { adsTargeting, type AdsTargeting } from '../channels/ads-targeting.js';
import { areaPlanProblems, DEFAULT_RADIUS_KM } from '../domain/area.js';

interface Options {
  readonly latitude: number;
  readonly longitude: number;
  readonly radiusKm: number;
}

/** `mafqood ads-targeting`: what an ad would be targeted at. The JSON goes to standard output, what it means to standard error. */
export function adsTargetingCommand(): Command {
  return new Command('ads-targeting')
    .description(
      'Prints the targeting of an ad that reaches everybody within a radius, as the Marketing API takes it. A dry run: nothing is sent.',
    )
    .requiredOption('--latitude <degrees>', 'of the centre, north is positive', decimal)
    .requiredOption('--longitude <degrees>', 'of the centre, east is positive', decimal)
    .option('--radius-km <kilometres>', '1 to 500', decimal, DEFAULT_RADIUS_KM)
    .action(({ latitude, longitude, radiusKm }: Options, command: Command) => {
      const centre = { latitude, longitude };
      const problems = areaPlanProblems({ centre, radiusKm, widening: [] });
      if (problems.length > 0) command.error(`error: ${problems.join('; ')}`);
      const targeting = adsTargeting(centre, radiusKm);
      console.log(JSON.stringify(targeting, null, 2));
      console.error(inWords(targeting, radiusKm));
    });
}

function inWords({ geo_locations, age_min }: AdsTargeting, radiusKm: number): string {
  const circles = geo_locations.custom_locations;
  const size = circles[0]?.radius ?? 0;
  const cover =
    circles.length === 1
      ? `One circle of ${size} km.`
      : `${circles.length} circles of ${size} km cover ${radiusKm} km all round; they reach somewhat beyond it.`;
  return [
    cover,
    `age_min ${age_min}: ads are shown to adults only, which is what Meta does when nothing is said. Classmates of a missing child do not see them.`,
    'Nothing was sent. Mafqood places no ads: this is what somebody with an ad account would enter.',
  ].join('\n');
}

function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It has to be a number.');
  return value;
}
