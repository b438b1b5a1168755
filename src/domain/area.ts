import { HOUR, type Milliseconds } from './time.js';

/** A place on the WGS 84 ellipsoid, in degrees. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** One step by which an area grows while the child is still missing. */
export interface Widening {
  /** Counted from when the alert was first approved. */
  readonly afterMs: Milliseconds;
  readonly radiusKm: number;
}

/** How far around its centre an alert is to be seen, and how that widens. All that a case knows of its place. */
export interface AreaSteps {
  readonly radiusKm: number;
  readonly widening: readonly Widening[];
}

/** Where an alert is to be seen: a disc, and how it widens. Approved as part of the revision. */
export interface AreaPlan extends AreaSteps {
  readonly centre: Coordinates;
}

export const DEFAULT_RADIUS_KM = 160;
export const MIN_RADIUS_KM = 1;
export const MAX_RADIUS_KM = 500;

/** Whether a number is a radius an area may have, in kilometres. */
function isRadiusKm(value: number): boolean {
  return Number.isFinite(value) && value >= MIN_RADIUS_KM && value <= MAX_RADIUS_KM;
}

/** What is wrong with widening steps that start from a radius; empty when nothing is. Each step is later and larger than the one before. */
function wideningProblems(radiusKm: number, widening: readonly Widening[]): string[] {
  const problems: string[] = [];
  let before: Widening = { afterMs: 0, radiusKm };
  for (const [index, step] of widening.entries()) {
    if (!isRadiusKm(step.radiusKm)) {
      problems.push(`widening step ${index + 1}: the radius must be ${MIN_RADIUS_KM} to ${MAX_RADIUS_KM} km`);
    }
    if (step.radiusKm <= before.radiusKm)
      problems.push(`widening step ${index + 1}: the radius must be larger than before`);
    if (step.afterMs <= before.afterMs)
      problems.push(`widening step ${index + 1}: it must come later than the one before`);
    if (step.afterMs > 30 * 24 * HOUR) problems.push(`widening step ${index + 1}: it must come within 30 days`);
    before = step;
  }
  return problems;
}

/** What is wrong with the radius and the widening of an area; empty when nothing is. */
export function areaStepsProblems({ radiusKm, widening }: AreaSteps): string[] {
  const problems = isRadiusKm(radiusKm) ? [] : [`the radius must be ${MIN_RADIUS_KM} to ${MAX_RADIUS_KM} km`];
  return [...problems, ...wideningProblems(radiusKm, widening)];
}

/** What is wrong with an area plan; empty when nothing is. */
export function areaPlanProblems(plan: AreaPlan): string[] {
  const problems: string[] = [];
  const { latitude, longitude } = plan.centre;
  if (!Number.isFinite(latitude) || Math.abs(latitude) > 90) problems.push('the latitude must be -90 to 90 degrees');
  if (!Number.isFinite(longitude) || Math.abs(longitude) > 180)
    problems.push('the longitude must be -180 to 180 degrees');
  return [...problems, ...areaStepsProblems(plan)];
}
