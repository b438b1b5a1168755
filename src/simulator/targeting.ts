import { z } from 'zod';

const places = z.array(z.strictObject({ key: z.union([z.string(), z.number()]) }));

/** Who a Page post is shown to. Organic posts know places by name only: no point on the map and no radius. */
export const targetingSchema = z.strictObject({
  geo_locations: z
    .strictObject({
      countries: z.array(z.string().regex(/^[A-Z]{2}$/, 'a country is two capital letters')).optional(),
      regions: places.optional(),
      cities: places.optional(),
      zips: places.optional(),
    })
    .optional(),
  age_min: z.int().min(13).max(65).optional(),
});

export type Targeting = z.infer<typeof targetingSchema>;
