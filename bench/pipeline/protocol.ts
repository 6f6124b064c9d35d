// What `npm run bench:pipeline` asks of each side, and what it is told.

/** How many columns the data have, whatever their rows. */
export const FEATURES = 10;

export interface Prepare {
  readonly rows: number;
  readonly features: number;
  readonly dtype: string;
}

/** Times in seconds: the whole call, and what of it was fitting and scoring. */
export interface CrossValidated {
  readonly seconds: number;
  readonly fit: number;
  readonly score: number;
  readonly scores: readonly number[];
}

/** Seconds for each step of one fit on all rows, and of one prediction. */
export interface Steps {
  readonly steps: Readonly<Record<string, number>>;
}

/** The most that the process held in memory, whatever for. */
export interface Memory {
  readonly peakBytes: number;
}
