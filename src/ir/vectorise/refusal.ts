/** Why a loop is left as it is: its turns, or what they share, have no form side by side. */
export class Refusal extends Error {}
