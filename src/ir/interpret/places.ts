// What an assignment writes to: a name, a record's field, elements of an array. A `var` owns its arrays, so elements are written in place.
import type { Place } from "../../compiler/typed.js";
import { type ArrayValue, copyValue, type RecordValue, type Value } from "./data.js";
import type { Frame } from "./frame.js";
import { type Selection, select } from "./subscripts.js";

/** What the place without its subscripts holds. */
export function held(frame: Frame, place: Place): Value {
  let at = frame.get(place.root);
  for (const field of place.path) {
    const next: Value | undefined = at.kind === "record" ? at.fields.get(field) : undefined;
    if (!next) throw new Error(`internal: no field ${field}`);
    at = next;
  }
  return at;
}

/** Puts another value there, for a place without subscripts. */
export function replace(frame: Frame, place: Place, value: Value): void {
  const field = place.path.at(-1);
  if (field === undefined) frame.assign(place.root, copyValue(value));
  else (held(frame, { ...place, path: place.path.slice(0, -1) }) as RecordValue).fields.set(field, copyValue(value));
}

export const placeName = (place: Place): string => [place.root.name, ...place.path].join(".");

export function heldArray(frame: Frame, place: Place): ArrayValue {
  const v = held(frame, place);
  if (v.kind !== "array") throw new Error(`internal: ${placeName(place)} is no array`);
  return v;
}

/** The elements that the place's subscripts name now. */
export const selectPlace = (frame: Frame, place: Place): Selection =>
  select(frame, heldArray(frame, place).shape, place.subscripts, placeName(place), place.at);
