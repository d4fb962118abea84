/** Expected refusals are values from closed lists; each has one sentence for the user in Dutch and in English. */

export interface Sentence {
  readonly nl: string;
  readonly en: string;
}
/** `satisfies Refusals<MyRefusal>` makes the compiler ask for a sentence per reason. */
export type Refusals<Reason extends string> = Readonly<Record<Reason, Sentence>>;
