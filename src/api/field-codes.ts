/** Every way in which one field of a request can be wrong, by its stable code (`errors[].code`), with what to do about it. */
export const FIELD_CODES = {
  unknown_field: 'There is no such field. Leave it out, or check its spelling.',
  unchangeable_field: 'Send the value that the case was made with: this field is fixed.',
  missing: 'Send the field: it is required.',
  invalid_type: 'Send a value of the type that the field takes.',
  invalid_value: 'Send one of the values that the field takes.',
  invalid_format:
    'Send a text in the form that the field takes; a text that must be filled in needs a letter or a digit.',
  too_small: 'Send a larger number, or a longer text or list.',
  too_big: 'Send a smaller number, or a shorter text or list.',
  jurisdiction_not_yours:
    'Report in a jurisdiction that you belong to, or let somebody report who belongs to this one.',
  age_over_17: 'An alert is for a child: 17 years at most. Correct the age, or report an adult elsewhere.',
  age_range_reversed: 'Send the lower age as `from` and the higher one as `to`.',
  not_a_zoned_time:
    'Send an ISO 8601 time with its zone, such as `2026-11-24T05:20+03:00`; in an address `+` is written `%2B`.',
  in_the_future: 'Send a time that is past: that of what was seen. Check the date, the zone and the clock.',
  range_reversed: 'Send the earlier time as `reportedFrom` and the later one as `reportedTo`.',
  not_a_place: 'Send latitude and longitude in degrees, with a comma between: `25.2854,51.531`.',
  cursor_invalid: 'Send the cursor that the last answer gave as its `next`, unchanged, or none to begin again.',
  words_out_of_range: 'Send 1 to 12 words of the name.',
  coordinates_out_of_range: 'Send degrees: latitude -90 to 90, longitude -180 to 180.',
  coordinates_outside_bounds:
    'The place is outside the bounds of the jurisdiction. Check both coordinates and the jurisdiction.',
  coordinates_swapped:
    'The place is outside the bounds of the jurisdiction and would be inside them with latitude and longitude swapped. Swap them.',
  radius_out_of_range: 'Send a radius of 1 to 500 kilometres.',
  area_plan: 'Each step of the area must be later and wider than the one before it, starting from the radius.',
  text_too_long: 'Shorten the text: it takes most room in an alert that is too long.',
} as const;

export type FieldCode = keyof typeof FIELD_CODES;
