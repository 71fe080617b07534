/** A file has more parts, or more to change, than any that was not made to exhaust whoever reads it. */
export class TooManyParts extends Error {}
